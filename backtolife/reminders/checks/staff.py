"""Which messages to staff about who leads and who spots should still go."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from backtolife.programme.cohorts.covering import teams_on
from backtolife.programme.cohorts.models import CohortStaff, SessionDate, StaffPlace
from backtolife.reminders.checks.looking import Asked, Look


def places_taken(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once somebody else leads or spots there. Of who has the place in the group it goes, whoever stands in for
    them on the first of its dates.
    """
    dates = look.rows(SessionDate, [each.ids[0] for each in asked])
    theirs = on_first_date(look, dates)
    groups = {each.cohort_id for each in dates.values()}
    own = select(CohortStaff.cohort_id, CohortStaff.place, CohortStaff.person_id)
    whole = set(look.db.exec(own.where(col(CohortStaff.cohort_id).in_(groups))))
    for each in asked:
        date_id, place, person_id, _ = each.ids
        date = dates.get(date_id)
        if date is not None and ((date_id, place, person_id) in theirs or (date.cohort_id, place, person_id) in whole):
            yield each


def places_given_up(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once they do it again after all."""
    dates = look.rows(SessionDate, [each.ids[0] for each in asked])
    theirs = on_first_date(look, dates)
    for each in asked:
        date_id, place, person_id, _ = each.ids
        if date_id in dates and (date_id, place, person_id) not in theirs:
            yield each


def on_first_date(look: Look, dates: dict[str, SessionDate]) -> set[tuple[str, StaffPlace, str]]:
    """Who has which place on these dates."""
    teams = teams_on(look.db, dates.values())
    return {(date_id, place, person.id) for date_id, team in teams.items() for place, person in team.items()}
