"""Which templates a patient reads."""

from backtolife.config import ROOT

FOLDERS = ("content", "home", "outcomes/answering", "pages", "people", "sessions/joining")
OF_STAFF = (
    "content/_for_clinicians.jinja",
    "content/_shared_notes.jinja",
    "content/captions.jinja",
    "content/manage.jinja",
    "home/_next_sessions.jinja",
    "home/_programme.jinja",
    "home/_session_list.jinja",
    "home/_set_up.jinja",
    "home/cohort.jinja",
    "home/staff.jinja",
    "pages/blocked.jinja",
    "pages/mailbox.jinja",
    "people/colleague.jinja",
    "people/demo.jinja",
    "sessions/joining/ask.jinja",
    "sessions/joining/open_again.jinja",
    "sessions/joining/staff_ready.jinja",
)


def patient_pages() -> list[str]:
    """By their path under `templates`."""
    root = ROOT / "templates"
    found = [
        path.relative_to(root).as_posix() for folder in FOLDERS for path in sorted((root / folder).glob("*.jinja"))
    ]
    staff = {*OF_STAFF, *(page for page in found if page.startswith("people/staff"))}
    return ["base.jinja", *(page for page in found if page not in staff)]
