"""Pages on who leads and spots: one group's, short enough for a telephone; and handing everything over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.people.request import person as own
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.covering import team_on, teams_on
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.programme.cohorts.services import cohorts_of, facilitators, find_cohort, staff_of, to_come
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.staffing import news, services

pages = Blueprint("group_staff", __name__, url_prefix="/groups")
Page = str | Response | tuple[str, int]
NO_SUCH_PERSON = "Choose somebody from the list."


def around() -> Surroundings:
    return cast(Surroundings, current_app.extensions["backtolife.around_groups"])


def find(cohort_id: str) -> Cohort:
    return find_cohort(db(), actor=actor(), cohort_id=cohort_id, action="cohort.change")


@pages.get("/<cohort_id>/staff")
@permission("cohort.change")
def show(cohort_id: str) -> str:
    return page(find(cohort_id))


def page(cohort: Cohort, refusals: Sequence[str] = ()) -> str:
    dates = to_come(db(), cohort.id, now())
    following = dates[:1]
    return render_template(
        "programme/staffing/staff.jinja",
        cohort=cohort,
        refusals=refusals,
        own={row.place: person for row, person in staff_of(db(), cohort.id)},
        dates=dates,
        teams=teams_on(db(), dates),
        concerns=services.concerns(db(), cohort=cohort, dates=dates),
        for_all=services.candidates(db(), cohort=cohort, dates=dates, actor=actor(), around=around()),
        for_one=services.candidates(db(), cohort=cohort, dates=following, actor=actor(), around=around()),
        places=StaffPlace,
        now=now(),
    )


def chosen(name: str, among: Sequence[Person] | None = None) -> Person | None:
    """The person chosen in a field, of the facilitators unless told otherwise; None for nobody. Raises Invalid for who
    is not on the list.
    """
    wanted = request.form.get(name, "")
    if not wanted:
        return None
    people = facilitators(db(), actor=actor()) if among is None else among
    found = next((each for each in people if each.id == wanted), None)
    if found is None:
        raise Invalid(NO_SUCH_PERSON)
    return found


@pages.post("/<cohort_id>/staff")
@permission("cohort.change")
def change(cohort_id: str) -> Page:
    """Who leads or spots from now on."""
    cohort = find(cohort_id)
    try:
        place, person = place_of(), chosen("person")
        dates = to_come(db(), cohort.id, now())
        before = next((each for row, each in staff_of(db(), cohort.id) if row.place is place), None)
        changed = services.change_staff(db(), cohort=cohort, place=place, person=person, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        db().rollback()
        return page(find(cohort_id), error.reasons), 400
    return told(cohort, place, dates, before=before, after=person, changed=changed)


@pages.post("/<cohort_id>/staff/<int:number>")
@permission("cohort.change")
def cover(cohort_id: str, number: int) -> Page:
    """Who stands in on one date."""
    cohort = find(cohort_id)
    try:
        date = next((each for each in to_come(db(), cohort.id, now()) if each.number == number), None)
        if date is None:
            raise Conflict("This session is over or does not take place. Choose one that is still to come.")
        place, person = place_of(), chosen("person")
        before = team_on(db(), date).get(place)
        changed = services.cover(db(), cohort=cohort, date=date, place=place, person=person, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        db().rollback()
        return page(find(cohort_id), error.reasons), 400
    after = team_on(db(), date).get(place)
    return told(cohort, place, [date], before=before, after=after, changed=changed)


def place_of() -> StaffPlace:
    try:
        return StaffPlace(request.form.get("place", ""))
    except ValueError:
        raise Invalid("Choose lead or spotter.") from None


def told(
    cohort: Cohort,
    place: StaffPlace,
    dates: list[SessionDate],
    *,
    before: Person | None,
    after: Person | None,
    changed: bool,
) -> Response:
    """Tell who comes and who need not come any more, and go on to a page that the actor may still see."""
    if not changed:
        flash("That was so already. Nothing was changed.")
    else:
        names = [isolated(each.full_name) for each in tell_both(cohort, place, dates, before=before, after=after)]
        flash(
            f"Saved. {' and '.join(names)} {'is' if len(names) == 1 else 'are'} told by e-mail." if names else "Saved."
        )
    still_theirs = replace(actor(), cohort_ids=cohorts_of(db(), own()))
    if may(still_theirs, "cohort.change", cohort):
        return redirect(url_for("group_staff.show", cohort_id=cohort.id))
    return redirect(url_for("home.show"))


def tell_both(
    cohort: Cohort, place: StaffPlace, dates: list[SessionDate], *, before: Person | None, after: Person | None
) -> list[Person]:
    """Who is told: whoever has the place now, and whoever had it. Nobody where it stayed with one person."""
    if before is not None and after is not None and before.id == after.id:
        return []
    sender = Sender(settings().public_url, settings().mail_from)
    return [
        person
        for person, relieved in ((after, False), (before, True))
        if person is not None
        and person.active
        and news.tell_staff(
            db(),
            cohort=cohort,
            person=person,
            place=place,
            dates=dates,
            around=around(),
            sender=sender,
            now=now(),
            relieved=relieved,
        )
    ]


@pages.get("/hand-over")
@permission("cohort.create")
def ask_hand_over() -> str:
    return hand_over_page()


def hand_over_page(refusals: Sequence[str] = ()) -> str:
    return render_template(
        "programme/staffing/hand_over.jinja",
        givers=services.who_can_give(db(), actor=actor(), now=now()),
        takers=facilitators(db(), actor=actor()),
        refusals=refusals,
    )


@pages.post("/hand-over")
@permission("cohort.create")
def hand_over() -> Page:
    """Everything of one person to another."""
    try:
        giver = chosen("giver", services.who_can_give(db(), actor=actor(), now=now()))
        taker = chosen("taker")
        if giver is None or taker is None:
            raise Invalid("Choose who hands over, and who takes over.")
        done = services.hand_over(db(), giver=giver, taker=taker, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        db().rollback()
        return hand_over_page(error.reasons), 400
    for each in done.passed_on:
        tell_both(each.cohort, each.place, each.dates, before=giver, after=taker)
    groups = "1 group" if len(done.groups) == 1 else f"{len(done.groups)} groups"
    dates = "1 single date" if done.dates == 1 else f"{done.dates} single dates"
    flash(f"{groups} and {dates} go from {isolated(giver.full_name)} to {isolated(taker.full_name)}.")
    return redirect(url_for("cohorts.overview"))
