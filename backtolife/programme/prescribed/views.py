"""The page on which staff pick exercises for one person, change them and stop them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.prescribed import services
from backtolife.programme.prescribed.forms import PickForm

pages = Blueprint("prescribed", __name__, url_prefix="/patients/<enrolment_id>/exercises")
Page = str | Response | tuple[str, int]


def place(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="exercise.prescribe")


@pages.get("")
@permission("exercise.prescribe")
def show(enrolment_id: str) -> str:
    return exercises_page(place(enrolment_id))


def exercises_page(enrolment: Enrolment, wrong: PickForm | None = None) -> str:
    """The page; `wrong` is a form as it was sent, shown beside the exercise that it is about."""
    cohort = db().get_one(Cohort, enrolment.cohort_id)
    programme = programme_of(db(), cohort)
    found = services.every_one(db(), programme, [enrolment.id])
    forms = {
        each.exercise.id: PickForm(
            formdata=None, way=each.newest.way, amount=each.newest.amount, seen=each.newest.version
        )
        for each in found
    }
    new = PickForm(formdata=None)
    if wrong is not None and wrong.exercise.data in forms:
        forms[wrong.exercise.data] = wrong
        wrong.seen.data = next(each.newest.version for each in found if each.exercise.id == wrong.exercise.data)
    elif wrong is not None:
        new = wrong
    return render_template(
        "programme/prescribed/exercises.jinja",
        enrolment=enrolment,
        cohort=cohort,
        patient=db().get_one(Person, enrolment.person_id),
        given=[each for each in found if not each.newest.stopped],
        stopped=[each for each in found if each.newest.stopped],
        forms={key: form.named(key) for key, form in forms.items()},
        new=new.of(programme),
        now=now(),
    )


@pages.post("")
@permission("exercise.prescribe")
def pick(enrolment_id: str) -> Page:
    enrolment = place(enrolment_id)
    form = PickForm()
    if form.validate_on_submit():
        try:
            services.prescribe(
                db(),
                enrolment=enrolment,
                exercise_id=form.exercise.data or "",
                way=form.way.data or "",
                amount=form.amount.data or "",
                seen=form.seen.data or 0,
                actor=actor(),
                now=now(),
            )
        except (Invalid, Conflict) as error:
            form[error.field or "amount"].errors = [error.message]
        else:
            return saved(enrolment)
    return exercises_page(enrolment, form), 400


def saved(enrolment: Enrolment) -> Response:
    flash("Saved. They see it on their home page.")
    return redirect(url_for("prescribed.show", enrolment_id=enrolment.id))


@pages.post("/<exercise_id>/stop")
@permission("exercise.prescribe")
def stop(enrolment_id: str, exercise_id: str) -> Response:
    enrolment = place(enrolment_id)
    services.stop(db(), enrolment=enrolment, exercise_id=exercise_id, actor=actor(), now=now())
    return saved(enrolment)
