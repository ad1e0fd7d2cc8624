"""The page on which staff discharge the people of a group after its last session; and taking that back."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import find_cohort
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.discharge import services
from backtolife.programme.goals.services import goals_of

pages = Blueprint("discharge", __name__)
Page = str | Response | tuple[str, int]
AT = "/groups/<cohort_id>/discharge"


class DischargeForm(FlaskForm):
    """Who is discharged."""

    people = SelectMultipleField(
        "Who is discharged?",
        [InputRequired(services.NOBODY)],
        description="Each gets a word of thanks. Later questions still go out as planned.",
    )

    def offer(self, people: list[services.TookPart]) -> "DischargeForm":
        """Everybody who took part and is not discharged yet, with what the rule says of each."""
        self.people.choices = [
            SelectChoice(
                each.enrolment.id,
                f"{isolated(each.person.full_name)}: {each.sessions} of 9 sessions"
                f"{', completed' if each.completes else ''}",
            )
            for each in people
            if each.discharge is None
        ]
        return self


def came(cohort: Cohort) -> services.Came:
    around = cast(Surroundings, current_app.extensions["backtolife.around_groups"])
    return around.came(db(), cohort, now())


def find(cohort_id: str) -> Cohort:
    return find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="place.change")


@pages.get(AT)
@permission("place.change")
def show(cohort_id: str) -> str:
    return page(find(cohort_id))


@pages.post(AT)
@permission("place.change")
def end(cohort_id: str) -> Page:
    cohort = find(cohort_id)
    form = DischargeForm().offer(who_took_part(cohort))
    if form.validate_on_submit():
        try:
            chosen = [each for each in who_took_part(cohort) if each.enrolment.id in form.people.data]
            done = services.discharge(
                db(),
                cohort=cohort,
                places=[each.enrolment for each in chosen],
                came=came(cohort),
                site=settings().public_url,
                actor=actor(),
                now=now(),
            )
        except (Invalid, Conflict) as error:
            db().rollback()
            form.people.errors = [error.message]
            cohort = find(cohort_id)
        else:
            flash(said_of(done))
            return redirect(url_for("discharge.show", cohort_id=cohort_id))
    return page(cohort, form), 400


def said_of(done: int) -> str:
    if not done:
        return "Nobody new is discharged. Whoever came to no session counts as not started."
    return "1 person is discharged." if done == 1 else f"{done} people are discharged."


def who_took_part(cohort: Cohort) -> list[services.TookPart]:
    return services.who_took_part(db(), cohort=cohort, came=came(cohort))


def page(cohort: Cohort, form: DischargeForm | None = None) -> str:
    last, people = services.over_at(db(), cohort), who_took_part(cohort)
    if form is None:
        waits = [each.enrolment.id for each in people if each.discharge is None]
        form = DischargeForm(formdata=None, data={"people": waits}).offer(people)
    return render_template(
        "programme/discharge.jinja",
        cohort=cohort,
        form=form,
        people=people,
        goals=goals_of(db(), [each.enrolment.id for each in people]),
        enough=programme_of(db(), cohort).group.completed_from,
        over=last is not None and last <= now(),
        last=last,
    )


@pages.post("/places/<enrolment_id>/not-discharged")
@permission("place.change")
def take_back(enrolment_id: str) -> Response:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="place.change")
    try:
        services.take_back(db(), enrolment=place, actor=actor(), now=now())
    except Conflict as error:
        db().rollback()
        flash(error.message, "alert")
    else:
        flash("It is taken back. They stand where they stood.")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))
