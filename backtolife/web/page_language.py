"""In which language a page is said: the reader's own, as far as a clinician of their service has signed its words."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, Domain
from flask_babel import gettext as _

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.request import actor_or_none, reading_db, settings
from backtolife.programme.guides.reading import public_service
from backtolife.programme.signed.standing import signatures
from backtolife.text.catalogues import reading
from backtolife.text.catalogues.pseudo import PSEUDO
from backtolife.text.languages import languages, looked_for
from backtolife.text.said import ENGLISH, english, locale_name, said_in, told, translated

CHOSEN = "language"
"""Under this name the cookie keeps what somebody chose who is not signed in."""
TRIED_IN = frozenset({"demo", "test"})
"""Where pages can be looked at in the language that nobody speaks."""


class Catalogues(Domain):
    """The words of the product, read from its own files."""

    def get_translations(self) -> Translations:
        tag = said_in()
        return reading.translations(tag) if tag != ENGLISH else Translations()


def add_to(app: Flask) -> None:
    """Have templates and forms ask the catalogues."""
    Babel(app, locale_selector=locale_name)
    app.context_processor(shared)
    app.jinja_env.globals["page_languages"] = offered
    app.jinja_env.filters.update(english=english, all_of=all_of, told=told, translated=translated)
    app.before_request(use_catalogues)


def use_catalogues() -> None:
    Catalogues().as_default()


def shared() -> dict[str, Any]:
    tag = said_in()
    known = tag not in (ENGLISH, PSEUDO)
    return {"page_language": tag, "page_direction": "rtl" if known and reading.right_to_left(tag) else "ltr"}


def all_of(names: Sequence[str]) -> str:
    """Names in a row: Priya and Tom."""
    return reduce(lambda said, last: _("%(names)s and %(last)s", names=said, last=last), names)


def choose(person: Person | None) -> None:
    """Decide it for this request. Who reads English costs no question to the database."""
    wanted = wanted_by(person)
    if wanted == PSEUDO and settings().environment in TRIED_IN:
        g.page_language = PSEUDO
        return
    tag = next((each for each in looked_for(wanted) if each in reading.tags()), "")
    if tag:
        with reading_db() as db:
            if tag in signed_at(db, person.service_id if person is not None else ""):
                g.page_language = tag


def wanted_by(person: Person | None) -> str:
    """A patient's own language; of who is not signed in, what they chose here."""
    if person is not None and session.get(CHOSEN) != PSEUDO:
        return person.message_language if person.is_patient else ""
    if CHOSEN in request.args:
        session[CHOSEN] = request.args[CHOSEN][:20]
    return str(session.get(CHOSEN, ""))


def signed_at(db: Db, service_id: str) -> list[str]:
    """The languages whose words on pages a clinician of the service has signed; without one, of the only service."""
    if not service_id:
        service = public_service(db, "")
        service_id = service.id if service is not None else ""
    stand = signatures(db, service_id) if service_id else {}
    return [tag for tag in reading.tags() if reading.digest(tag) in stand]


def offered() -> list[tuple[str, str, str]]:
    """What can be chosen at the door besides what the page is in: tag, name and direction of each."""
    if actor_or_none() is not None:
        return []
    with reading_db() as db:
        found = signed_at(db, "")
    if not found:
        return []
    other = [(ENGLISH, "English", "ltr")]
    other += [(tag, languages()[tag].own, "rtl" if reading.right_to_left(tag) else "ltr") for tag in found]
    return [each for each in other if each[0] != said_in()]
