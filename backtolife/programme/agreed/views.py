"""The page of a group's plans, for its staff; the live room asks for the same as data."""

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.drafts.late_forms import by_script
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now
from backtolife.programme.agreed import services
from backtolife.programme.agreed.forms import PlanForm, WentForm
from backtolife.programme.agreed.rules import WENT, Went, Wording
from backtolife.programme.cohorts.enrolment import enrolled_in, find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of, find_cohort

pages = Blueprint("plans", __name__)
Page = str | Response | tuple[str, int] | tuple[Response, int]


@pages.get("/groups/<cohort_id>/plans")
@permission("plan.set")
def of_group(cohort_id: str) -> Page:
    """Everybody's plans in a group."""
    cohort = find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="plan.set")
    return jsonify(people=as_data(cohort)) if by_script() else group_page(cohort)


def as_data(cohort: Cohort) -> list[dict[str, object]]:
    people = enrolled_in(db(), cohort.id)
    plans = services.plans_of(db(), [place.id for place, _ in people])
    return [
        {
            "enrolment": place.id,
            "name": isolated(person.full_name),
            "plans": [
                {
                    "session": own.session_number,
                    "what": own.newest.what,
                    "how_much": own.newest.how_much,
                    "when": own.newest.when,
                    "sure": own.newest.sure,
                    "said": own.wording.said,
                    "went": own.newest.went or "",
                    "seen": own.newest.version,
                }
                for own in plans.get(place.id, [])
            ],
        }
        for place, person in people
    ]


def group_page(cohort: Cohort, wrong: tuple[str, int, PlanForm | WentForm] | None = None) -> str:
    """Of `wrong` (whose, of which session) as it was sent."""
    people = enrolled_in(db(), cohort.id)
    plans = services.plans_of(db(), [place.id for place, _ in people])
    newest = services.session_now(dates_of(db(), cohort.id), now())
    forms = {place.id: forms_for(place.id, plans.get(place.id, []), newest) for place, _ in people}
    if wrong is not None and wrong[0] in forms:
        place, number, form = wrong
        known = {own.session_number: own.newest.version for own in plans.get(place, [])}
        if isinstance(form, PlanForm):
            form.seen.data = known.get(number, 0)
        forms[place][type(form).__name__, number] = form.named(f"{number}-{place}")
    return render_template(
        "programme/agreed/group.jinja",
        cohort=cohort,
        now=now(),
        people=people,
        plans=plans,
        forms=forms,
        newest=newest,
        unwritten={place: unwritten(made) for place, made in forms.items()},
        WENT=WENT,
    )


def forms_for(place: str, plans: list[services.OwnPlan], newest: int) -> dict[tuple[str, int], PlanForm | WentForm]:
    """By kind and session: each plan in its words and how it went, and an empty one for the newest session."""
    made: dict[tuple[str, int], PlanForm | WentForm] = {}
    for number in {newest, *(own.session_number for own in plans)} - {0}:
        blank = PlanForm(formdata=None, seen=0)
        made["PlanForm", number] = blank.named(f"{number}-{place}")
    for own in plans:
        row, name = own.newest, f"{own.session_number}-{place}"
        filled = PlanForm(
            formdata=None, what=row.what, how_much=row.how_much, when=row.when, sure=row.sure, seen=row.version
        )
        made["PlanForm", own.session_number] = filled.named(name)
        made["WentForm", own.session_number] = WentForm(formdata=None, went=row.went).named(name)
    return made


def unwritten(made: dict[tuple[str, int], PlanForm | WentForm]) -> list[int]:
    """The sessions with an empty form: of those no plan is written down."""
    planned = {number for kind, number in made if kind == "WentForm"}
    return sorted({number for _, number in made} - planned, reverse=True)


@pages.post("/patients/<enrolment_id>/plans/<int:number>")
@permission("plan.set")
def set_one(enrolment_id: str, number: int) -> Page:
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="plan.set")
    form = PlanForm()
    if form.validate_on_submit():
        plan = Wording(form.what.data or "", form.how_much.data or "", form.when.data or "", form.sure.data)
        try:
            services.set_plan(
                db(),
                enrolment=enrolment,
                session_number=number,
                plan=plan,
                seen=form.seen.data or 0,
                actor=actor(),
                now=now(),
            )
        except (Invalid, Conflict) as error:
            form[error.field or "what"].errors = [error.message]
        else:
            return saved(enrolment)
    if form.seen.errors:  # nobody typed it: what is wrong is said beside the words
        form.what.errors, form.seen.errors = [*form.what.errors, *form.seen.errors], ()
    return refused(enrolment, number, form)


@pages.post("/patients/<enrolment_id>/plans/<int:number>/went")
@permission("plan.set")
def say_went(enrolment_id: str, number: int) -> Page:
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="plan.set")
    form = WentForm()
    if not form.validate_on_submit():
        return refused(enrolment, number, form)
    went = Went(form.went.data)
    services.say_went(db(), enrolment=enrolment, session_number=number, went=went, actor=actor(), now=now())
    return saved(enrolment)


def saved(enrolment: Enrolment) -> Page:
    if by_script():
        return jsonify(ok=True)
    flash("Saved.")
    return redirect(url_for("plans.of_group", cohort_id=enrolment.cohort_id, _anchor=f"p-{enrolment.id}"))


def refused(enrolment: Enrolment, number: int, form: PlanForm | WentForm) -> Page:
    if by_script():
        wrong = next((str(error) for field in form for error in field.errors), "Open the page again, then write.")
        return jsonify(ok=False, error=wrong), 400
    return group_page(db().get_one(Cohort, enrolment.cohort_id), (enrolment.id, number, form)), 400
