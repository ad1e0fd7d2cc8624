"""The pages of goals: a patient's own, and those of a group for its staff; the live room asks for the same as data."""

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.drafts.late_forms import by_script
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import enrolled_in, enrolment_of, find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import find_cohort
from backtolife.programme.goals import services
from backtolife.programme.goals.forms import GoalForm, WordsForm
from backtolife.programme.goals.models import Goal
from backtolife.text.catalogues.worded import worded

pages = Blueprint("goals", __name__)
Page = str | Response | tuple[str, int] | tuple[Response, int]
OWN_WORDS = worded("In your own words")
THEIR_WORDS = "In their own words"


@pages.get("/goals")
@permission("goal.read")
def mine() -> str:
    """A patient's own goals. Raises NotFound without a place."""
    return own_page(enrolment_of(db(), actor=actor()))


def own_page(enrolment: Enrolment, wrong: tuple[str, WordsForm] | None = None) -> str:
    goals = services.goals_of(db(), [enrolment.id]).get(enrolment.id, [])
    return render_template(
        "programme/goals/mine.jinja",
        goals=goals,
        forms=forms_for(goals, OWN_WORDS, wrong),
        cohort=db().get_one(Cohort, enrolment.cohort_id),
    )


def forms_for(
    goals: list[services.OwnGoal], label: str, wrong: tuple[str, WordsForm] | None = None
) -> dict[str, WordsForm]:
    """A form for each goal's words, by goal; of `wrong` as it was sent."""
    made = {}
    for own in goals:
        form = WordsForm(formdata=None, words=own.words)
        if wrong is not None and wrong[0] == own.goal.id:
            form = wrong[1]
        form.seen.data = own.newest.version
        made[own.goal.id] = form.named(own.goal.id, label)
    return made


@pages.post("/goals/<goal_id>")
@permission("goal.reword")
def reword(goal_id: str) -> Page:
    goal, enrolment = services.find_goal(db(), actor=actor(), goal_id=goal_id, action="goal.reword")
    form = WordsForm()
    if form.validate_on_submit():
        try:
            services.reword(
                db(), goal=goal, words=form.words.data or "", seen=form.seen.data or 0, actor=actor(), now=now()
            )
        except (Invalid, Conflict) as error:
            form.words.errors = [error.message]
        else:
            return saved(enrolment)
    return refused(enrolment, goal, form)


def saved(enrolment: Enrolment) -> Page:
    if by_script():
        return jsonify(ok=True)
    flash(worded("Saved."))
    if actor().is_patient:
        return redirect(url_for("goals.mine"))
    return redirect(url_for("goals.of_group", cohort_id=enrolment.cohort_id, _anchor=f"p-{enrolment.id}"))


def refused(enrolment: Enrolment, goal: Goal, form: WordsForm) -> Page:
    if form.seen.errors:  # nobody typed it: what is wrong is said beside the words
        form.words.errors, form.seen.errors = [*form.words.errors, *form.seen.errors], ()
    if by_script():
        return jsonify(ok=False, error=first_error(form)), 400
    if actor().is_patient:
        return own_page(enrolment, (goal.id, form)), 400
    return group_page(db().get_one(Cohort, enrolment.cohort_id), reworded=(goal.id, form)), 400


def first_error(form: GoalForm | WordsForm) -> str:
    return next((str(error) for field in form for error in field.errors), "Open the page again, then write.")


@pages.get("/groups/<cohort_id>/goals")
@permission("goal.set")
def of_group(cohort_id: str) -> Page:
    """Everybody's goals in a group."""
    cohort = find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="goal.set")
    return jsonify(people=as_data(cohort)) if by_script() else group_page(cohort)


def as_data(cohort: Cohort) -> list[dict[str, object]]:
    people = enrolled_in(db(), cohort.id)
    goals = services.goals_of(db(), [place.id for place, _ in people])
    return [
        {
            "enrolment": place.id,
            "name": isolated(person.full_name),
            "goals": [
                {"id": own.goal.id, "words": own.words, "seen": own.newest.version, "session": own.goal.session_number}
                for own in goals.get(place.id, [])
            ],
        }
        for place, person in people
    ]


def group_page(
    cohort: Cohort,
    *,
    written: tuple[str, GoalForm] | None = None,
    reworded: tuple[str, WordsForm] | None = None,
) -> str:
    people = enrolled_in(db(), cohort.id)
    goals = services.goals_of(db(), [place.id for place, _ in people])
    forms = {place.id: GoalForm(formdata=None).named(place.id) for place, _ in people}
    if written is not None:
        forms[written[0]] = written[1].named(written[0])
    return render_template(
        "programme/goals/group.jinja",
        cohort=cohort,
        now=now(),
        people=people,
        goals=goals,
        forms=forms,
        words_of={place: forms_for(own, THEIR_WORDS, reworded) for place, own in goals.items()},
    )


@pages.post("/patients/<enrolment_id>/goals")
@permission("goal.set")
def set_one(enrolment_id: str) -> Page:
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="goal.set")
    form = GoalForm()
    if form.validate_on_submit():
        try:
            services.set_goal(
                db(),
                enrolment=enrolment,
                words=form.words.data or "",
                look_back_on=form.look_back_on.data,
                actor=actor(),
                now=now(),
            )
        except Invalid as error:
            form[error.field or "words"].errors = [error.message]
        else:
            return saved(enrolment)
    if by_script():
        return jsonify(ok=False, error=first_error(form)), 400
    return group_page(db().get_one(Cohort, enrolment.cohort_id), written=(enrolment.id, form)), 400
