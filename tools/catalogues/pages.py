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
AMONG_STAFF = (
    "components/_field.jinja",
    "components/_text.jinja",
    "components/notices.jinja",
    "components/put_back.jinja",
    "programme/calendar.jinja",
    "programme/consent/own.jinja",
    "programme/goals/mine.jinja",
    "programme/guides/about.jinja",
    "programme/guides/guide.jinja",
    "programme/guides/session.jinja",
    "programme/guides/shelf.jinja",
    "programme/guides/welcome.jinja",
    "programme/places/offer.jinja",
    "programme/practice/_entry.jinja",
    "programme/practice/_form.jinja",
    "programme/practice/change.jinja",
    "programme/practice/diary.jinja",
    "programme/practice/week.jinja",
    "programme/prescribed/_steps.jinja",
    "reporting/progress.jinja",
)
"""Pages of patients in folders that are for staff otherwise."""


def patient_pages() -> list[str]:
    """By their path under `templates`."""
    root = ROOT / "templates"
    found = [
        path.relative_to(root).as_posix() for folder in FOLDERS for path in sorted((root / folder).glob("*.jinja"))
    ]
    staff = {*OF_STAFF, *(page for page in found if page.startswith("people/staff"))}
    return ["base.jinja", *AMONG_STAFF, *(page for page in found if page not in staff)]
