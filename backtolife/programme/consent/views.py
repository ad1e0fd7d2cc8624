"""The one page on which a patient reads and answers what we ask them to agree to, and changes it with one press."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, person
from backtolife.programme.cohorts.enrolment import places_of
from backtolife.programme.consent.answering import Standing, answer, standings_of, waits_for_who_left
from backtolife.programme.consent.forms import CHOOSE, SAID, YES_OR_NO, answers_form, field_name
from backtolife.programme.consent.models import ConsentText
from backtolife.programme.consent.rules import ConsentKind, Stand
from backtolife.programme.consent.wording import NAMES
from backtolife.programme.plan.guide_parts import parts_of
from backtolife.text.catalogues.worded import worded

pages = Blueprint("consents", __name__)
Page = str | Response | tuple[str, int]
NEWER = worded("We changed these words while you had them open. We kept what you said. Please read the new words.")
THANKS = worded("Thank you. We have kept your answers.")
ID_LENGTH = 32


@pages.get("/agreement")
@permission("consent.answer")
def show() -> str:
    """What is still to be answered, and what was answered before."""
    return page(own())


@pages.post("/agreement")
@permission("consent.answer")
def save() -> Page:
    """Every answer counts by itself: one that is missing takes none of the others away."""
    me = person()
    authorise(actor(), "consent.answer", me)
    newer = keep(me, said_in(request.form))
    standings = own()
    left = still_open(standings)
    if newer:
        flash(NEWER, "alert")
        return redirect(here())
    if left and "all" in request.form:
        g.keep = True  # the others count
        form = answers_form(left)
        for each in left:
            form[field_name(each)].errors = [CHOOSE]
        return page(standings, form), 400
    flash(THANKS)
    session = coming_from()
    if session and not left and all(not each.needed or each.how is Stand.AGREED for each in standings):
        return redirect(url_for("sessions.get_ready", group_session_id=session))
    return redirect(here())


def said_in(form: Mapping[str, str]) -> dict[str, bool]:
    """What was answered, by the id of its words, or by its kind where none were published."""
    given = {name.removeprefix(SAID): value for name, value in form.items() if name.startswith(SAID)}
    return {key: value == "yes" for key, value in given.items() if value in YES_OR_NO}


def keep(me: Person, given: Mapping[str, bool]) -> bool:
    """Keep the answers. Returns whether one was to words that have since been replaced by some that ask again."""
    newer = False
    for key, agreed in given.items():
        text, kind = asked_by(me, key)
        answer(db(), person=me, kind=kind, text=text, agreed=agreed, actor=actor(), now=now())
        if text is not None and agreed:
            standing = next(each for each in own() if each.kind is kind)
            newer = newer or (standing.how is Stand.OPEN)
    return newer


def asked_by(me: Person, key: str) -> tuple[ConsentText | None, ConsentKind]:
    """The words an answer is to. Raises Invalid for what was never asked in this service."""
    text = db().get(ConsentText, key) if len(key) == ID_LENGTH else None
    if text is not None and text.service_id == me.service_id:
        return text, text.kind
    standing = next((each for each in own() if each.asked is None and each.kind.value == key), None)
    if standing is None:
        raise Invalid(worded("We could not find what you answered. Please open the page again."))
    return None, standing.kind


def own() -> list[Standing]:
    return standings_of(db(), person_id=actor().id, service_id=actor().service_id)


def still_open(standings: list[Standing]) -> list[Standing]:
    """What is to be answered: by somebody who has no place in a group nothing, but whether we may still ask them, where
    they said yes to older words.
    """
    if in_group():
        return [each for each in standings if each.how is Stand.OPEN]
    return waits_for_who_left(standings)


def in_group() -> bool:
    return bool(places_of(db(), actor=actor()))


def coming_from() -> str:
    """The session to which somebody was on their way, or nothing."""
    given = request.args.get("session", "")
    return given if len(given) == ID_LENGTH and given.isalnum() else ""


def here() -> str:
    session = coming_from()
    return url_for("consents.show", session=session) if session else url_for("consents.show")


def page(standings: list[Standing], form: object = None) -> str:
    left = still_open(standings)
    return render_template(
        "programme/consent/own.jinja",
        open=left,
        answered=[each for each in standings if each.how is not Stand.OPEN],
        refused=[each for each in standings if each.needed and each.how is Stand.REFUSED],
        form=form or answers_form(left, formdata=None),
        name=field_name,
        parts=lambda text: parts_of(text.body, whole=True),
        names=NAMES,
        session=coming_from(),
        here=here(),
        in_group=in_group(),
    )
