"""Pages that belong to no room: offline, cookies, privacy, the demo's mailbox, a sign of life."""

import mailbox
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    render_template,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import Field

from backtolife.joined import STATIC
from backtolife.people.access import Actor, permission
from backtolife.people.drafts.late_forms import made_for, mark_of
from backtolife.people.models import Role, Service
from backtolife.people.names import isolated, told_apart
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor_or_none, settings
from backtolife.people.sign_in_pages.patients import device_cookie
from backtolife.people.signing_in import known_browser
from backtolife.release import release
from backtolife.web.fields import nhsuk_errors, nhsuk_params, note_errors, note_problem, problems_here
from backtolife.web.said.dates import filters
from backtolife.web.static_files import sheet_links, with_marks, with_sheets

pages = Blueprint("pages", __name__)
NEWEST_MAILS = 50


def words_of(message: EmailMessage) -> str:
    """What somebody reads first in a mail; files that go with it are left out."""
    body = message.get_body(("plain",))
    return str(body.get_content()).strip() if body is not None else ""


NAVIGATION: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.PATIENT: (
        (_("Home"), "home.show"),
        (_("Videos"), "videos.library"),
        (_("Exercises"), "exercises.library"),
        (_("Questions"), "forms.overview"),
        (_("Progress"), "progress.show"),
    ),
    Role.FACILITATOR: (
        ("Today", "home.show"),
        ("Groups", "cohorts.overview"),
        ("Patients", "patient_list.show"),
        ("Videos", "videos.manage"),
        ("Safety tasks", "tasks.overview"),
        ("Messages", "messages.overview"),
    ),
    Role.CLINICAL_LEAD: (
        ("Today", "home.show"),
        ("Groups", "cohorts.overview"),
        ("Patients", "patient_list.show"),
        ("Videos", "videos.manage"),
        ("Safety tasks", "tasks.overview"),
        ("Messages", "messages.overview"),
        ("Questionnaires", "imports.overview"),
        ("Programme", "programme.overview"),
        ("Results", "reports.overview"),
    ),
    Role.SERVICE_LEAD: (
        ("Home", "home.show"),
        ("Groups", "cohorts.overview"),
        ("Programme", "programme.overview"),
        ("Results", "reports.overview"),
        ("Plan groups", "planner.show"),
        ("Help there is", "service_map.overview"),
    ),
    Role.DUTY_CLINICIAN: (("Today", "home.show"), ("Safety tasks", "tasks.overview")),
    Role.ADMINISTRATOR: (
        ("Home", "home.show"),
        ("Groups", "cohorts.overview"),
        ("Patients", "patient_list.show"),
        ("Videos", "videos.manage"),
        ("Questionnaires", "imports.overview"),
        ("Messages", "messages.overview"),
        ("Rota", "rota.show"),
        ("Staff", "colleagues.overview"),
        ("Help there is", "service_map.overview"),
        ("Service", "own_service.show"),
    ),
    Role.COMPANION: (),
    Role.OBSERVER: (),
}


def navigation_of(roles: Collection[Role]) -> list[tuple[str, str]]:
    """What stands in the menu of somebody with these roles: each page once, the first under the busiest name."""
    found: dict[str, str] = {}
    for role in Role:
        for words, endpoint in NAVIGATION[role] if role in roles else ():
            found.setdefault(endpoint, words)
    return [(words, endpoint) for endpoint, words in found.items()]


def menu_of(actor: Actor) -> list[tuple[str, str]]:
    if actor.limited:
        return []
    return [("Today", "home.show")] if actor.without_role else navigation_of(actor.roles)


@dataclass(frozen=True)
class Mail:
    """One message in the demo's mailbox."""

    key: str
    to: str
    subject: str
    sent: str
    body: str


def add_to(app: Flask) -> None:
    """Hang these pages into `app` with what the templates share."""
    app.register_blueprint(pages)
    app.context_processor(shared)
    app.jinja_env.filters.update(filters(), bdi=bdi, isolated=isolated, told_apart=told_apart)
    told = {"nhsuk_errors": nhsuk_errors, "note_problem": note_problem, "problems_here": problems_here}
    app.jinja_env.globals.update(nhsuk_params=params_of, sheets=sheet_links, **told)


def bdi(name: str) -> Markup:
    """A name between other words: it keeps its own direction, and leaves theirs alone."""
    return Markup("<bdi>{}</bdi>").format(name)


def params_of(field: Field) -> dict[str, Any]:
    """What a component of the form is given. A choice may be a name, and in an <option> no <bdi> is heeded."""
    params = nhsuk_params(field)
    note_errors(field)
    for item in params.get("items", ()):
        item["text"] = isolated(item["text"])
    return params


def current_at(href: str) -> str:
    """What `aria-current` says of a link of the navigation: this page, a page below it, or nothing."""
    if request.path == href:
        return "page"
    return "true" if href != "/" and request.path.startswith(f"{href}/") else ""


def shared() -> dict[str, Any]:
    """What every template may use: who looks, in which zone, and where they can go.

    Asks the database nothing: the page in hand holds a connection, and an error page comes when there may be none.
    """
    actor = actor_or_none()
    if actor is None:
        return {"actor": None, "zone": "Europe/London", "navigation": [], "demo": settings().environment == "demo"}
    service: Service | None = g.get("service")
    return {
        "actor": actor,
        "shown_name": g.get("shown_name", ""),
        "service": service,
        "made_for": made_for(actor.id),
        "whose": "" if actor.limited or actor.is_guest else mark_of(actor.id),
        "zone": service.zone if service else "Europe/London",
        "demo": settings().environment == "demo",
        "navigation": [
            {"text": words, "href": url_for(endpoint), "current": current_at(url_for(endpoint))}
            for words, endpoint in menu_of(actor)
            if endpoint in current_app.view_functions
        ],
    }


@pages.get("/offline")
@permission(PUBLIC)
def offline() -> str:
    return render_template("pages/offline.jinja")


@pages.get("/offline-worker.js")
@permission(PUBLIC)
def offline_worker() -> Response:
    """The worker stands at the top of the site, because it may only look after pages below itself."""
    script = with_marks(with_sheets((STATIC / "js" / "offline-worker.js").read_text(encoding="utf-8")))
    answer = Response(script, mimetype="text/javascript")
    answer.cache_control.no_cache = True
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@pages.get("/cookies")
@permission(PUBLIC)
def cookies() -> str:
    names = {
        "session": current_app.config["SESSION_COOKIE_NAME"],
        "device": device_cookie(),
        "browser": known_browser.cookie_name(),
    }
    return render_template("pages/cookies.jinja", names=names)


@pages.get("/privacy")
@permission(PUBLIC)
def privacy() -> str:
    return render_template("pages/privacy.jinja")


@pages.get("/healthz")
@permission(PUBLIC)
def healthz() -> dict[str, str]:
    """Answers when the web process is alive. Whether it can do its work says `/readyz`."""
    return {"status": "ok", "release": release()}


@pages.get("/mailbox")
@permission(PUBLIC)
def mails() -> str:
    """The demo's mailbox: what would have been sent. It exists in the demo only."""
    if settings().environment != "demo":
        abort(404)
    return render_template("pages/mailbox.jinja", mails=read_mailbox())


def read_mailbox() -> list[Mail]:
    """The newest messages, newest first."""
    box = mailbox.Maildir(settings().mailbox_dir, factory=None, create=True)
    mails = []
    for key, raw in box.items():
        message = mailbox.email.message_from_bytes(raw.as_bytes(), policy=modern)  # type: ignore[attr-defined]
        mails.append(Mail(key, message["To"], message["Subject"], message["Date"], words_of(message)))
    return sorted(mails, key=lambda mail: mail.key, reverse=True)[:NEWEST_MAILS]
