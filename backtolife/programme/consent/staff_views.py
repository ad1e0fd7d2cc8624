"""What one patient agreed to, for staff, and writing down what they said on the telephone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.consent.answering import answer, history_of, standings_of
from backtolife.programme.consent.forms import WrittenForm
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.consent.wording import NAMES, STANDS
from backtolife.programme.plan.guide_parts import parts_of

pages = Blueprint("patient_consents", __name__, url_prefix="/places")
Page = str | Response | tuple[str, int]
NEWER = "New words were published while you had this page open. Read them to the person, then write down what they say."


@pages.get("/<enrolment_id>/agreement")
@permission("consent.read")
def show(enrolment_id: str) -> str:
    """How they stand to each text, and everything they ever answered. Looking leaves a trace."""
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="consent.read")
    audit.record(
        db(), actor=actor(), action="consents_seen", subject_type="person", subject_id=place.person_id, now=now()
    )
    return page(place, WrittenForm(formdata=None, seen=shown(place)))


@pages.post("/<enrolment_id>/agreement")
@permission("consent.write")
def write(enrolment_id: str) -> Page:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="consent.write")
    form = WrittenForm()
    if not form.validate_on_submit():
        return page(place, form), 400
    kind = ConsentKind(form.about.data)
    asked = texts_of(db(), place.service_id).get(kind)
    if asked is not None and asked.newest.id not in (form.seen.data or "").split():
        form.seen.data = shown(place)
        form.about.errors = [NEWER]
        return page(place, form), 409
    answer(
        db(),
        person=db().get_one(Person, place.person_id),
        kind=kind,
        text=asked.newest if asked is not None else None,
        agreed=form.said.data == "yes",
        actor=actor(),
        now=now(),
    )
    flash("It is written down.")
    return redirect(url_for("patient_consents.show", enrolment_id=place.id))


def shown(place: Enrolment) -> str:
    return " ".join(each.newest.id for each in texts_of(db(), place.service_id).values())


def page(place: Enrolment, form: WrittenForm) -> str:
    standings = {each.kind: each for each in standings_of(db(), person_id=place.person_id, service_id=place.service_id)}
    return render_template(
        "programme/consent/of_patient.jinja",
        place=place,
        person=db().get_one(Person, place.person_id),
        cohort=db().get_one(Cohort, place.cohort_id),
        standings=[(kind, standings.get(kind)) for kind in ConsentKind],
        history=history_of(db(), place.person_id),
        form=form,
        may_write=may(actor(), "consent.write", place),
        names=NAMES,
        words=STANDS,
        now=now(),
        parts=lambda text: parts_of(text.body, whole=True),
    )
