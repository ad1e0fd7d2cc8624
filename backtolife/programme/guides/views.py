"""The guides, for everybody: a list to find one by what somebody needs, and each to read or print."""

from operator import attrgetter
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid, NotFound
from backtolife.people.access import permission
from backtolife.people.models import Service
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor_or_none, db
from backtolife.programme.guides.reading import Shelf, in_other_languages, own_shelf, public_service, public_shelf
from backtolife.programme.guides.rules import PATIENTS, best_edition, by_audience, editions, listed
from backtolife.programme.plan.guide_parts import below_title, parts_of
from backtolife.programme.plan.material import Guide
from backtolife.text.characters import in_one_form
from backtolife.text.languages import languages, looked_for

pages = Blueprint("guides", __name__, url_prefix="/guides")
LONGEST_SEARCH = 100
ID_LENGTH = 32
LANGUAGE = attrgetter("language")
NO_GUIDE = "There is no guide here. Go back to the list of guides."


@pages.app_template_filter("language_itself")
def language_itself(tag: str) -> str:
    """How those who speak a language call it; its tag where we know no name."""
    known = languages()
    return next((known[each].own for each in looked_for(tag) if each in known), tag)


@pages.get("")
@permission(PUBLIC)
def shelf() -> str:
    return page("")


@pages.post("")
@permission(PUBLIC)
def find() -> str:
    """By POST: what somebody is worried about has no place in an address."""
    try:
        typed = " ".join(in_one_form("NFC", request.form.get("words", "")).split())[:LONGEST_SEARCH]
    except Invalid:
        typed = ""
    return page(typed)


def page(typed: str) -> str:
    plan, signed = (own := here()).plan, own.signed
    found = listed(plan, signed, typed)
    return render_template(
        "programme/guides/shelf.jinja",
        groups=by_audience(found or listed(plan, signed)),
        typed=typed,
        nothing=bool(typed) and not found,
        which=which_service(),
        elsewhere=elsewhere(),
    )


@pages.get("/urgent-help")
@permission(PUBLIC)
def urgent() -> Response:
    """The guide that the programme names for this, whatever it is called."""
    guide_id = here().plan.safety.urgent_help_guide
    return redirect(url_for("guides.show", guide_id=guide_id, **which_service()))


@pages.get("/<guide_id>")
@permission(PUBLIC)
def show(guide_id: str) -> str:
    """One guide in the language that was asked for, else in the reader's own, as far as it may be read in it."""
    own = here()
    try:
        found = editions(own.plan, guide_id, own.signed)
    except NotFound:
        raise NotFound(NO_GUIDE) from None
    guide = best_edition(found, request.args.get("language", own.language))
    if guide.audience != PATIENTS:
        raise NotFound(NO_GUIDE)
    return render_template(
        "programme/guides/guide.jinja",
        guide=guide,
        parts=parts_of(below_title(guide.body), whole=True),
        editions=found.values(),
        plan=own.plan,
        which=which_service(),
        elsewhere=elsewhere(guide_id),
    )


def here() -> Shelf:
    """What may be read by whoever looks."""
    actor = actor_or_none()
    return own_shelf(db(), actor) if actor is not None else public_shelf(db(), named_service())


def elsewhere(guide_id: str = "") -> list[tuple[Service, list[Guide]]]:
    """For who is not signed in and names no service, where there are several: each service whose clinician has signed
    words in other languages, with them; of one guide, or, without one, the first in each language.
    """
    if actor_or_none() is not None or named_service() is not None:
        return []
    found = []
    for each, guides in in_other_languages(db()):
        other = [guide for one in guides for guide in one.others if guide_id in ("", guide.id)]
        if other:
            found.append((each, sorted({guide.language: guide for guide in other}.values(), key=LANGUAGE)))
    return found


def named_service() -> Service | None:
    return public_service(db(), which_service().get("service", ""))


def which_service() -> dict[str, Any]:
    """The service that the address of a public page names: links on it go on naming it."""
    given = request.args.get("service", "")
    named = actor_or_none() is None and len(given) == ID_LENGTH and given.isalnum()
    return {"service": given} if named else {}
