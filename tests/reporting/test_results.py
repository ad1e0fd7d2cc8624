"""Who had a place, who came and who answered, group by group, for those who lead the service."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import NotPermitted
from backtolife.people.models import Person, Role, Service
from backtolife.programme import enrolment as places
from backtolife.programme.models import Cohort
from backtolife.reporting.queries import Cell, column_of, count, results
from tests.factories import Factory
from tests.outcomes.sheets import Patient, a_patient, staffed
from tests.outcomes.test_what_is_due import send_everything
from tests.reporting.attending import attend


def group_of(make: Factory, cohort: Cohort, people: int) -> list[Patient]:
    return [a_patient(make, cohort) for _ in range(people)]


def lead_of(make: Factory, cohort: Cohort, role: Role = Role.SERVICE_LEAD) -> Person:
    return make.person(make.db.get_one(Service, cohort.service_id), role)


def test_a_group_is_counted_as_it_is(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    people = group_of(make, cohort, 3)
    send_everything(people[0])
    attend(db, cohort, 1, [people[0].enrolment, people[1].enrolment], make.now)
    for number in range(2, 7):
        attend(db, cohort, number, [people[1].enrolment], make.now)
    counted = count(db, cohort, make.now + timedelta(days=60))
    assert counted.steps == (3, 2, 1)
    assert counted.answered["baseline"] == (1, 3)
    assert counted.answered["month-12"] is None


def test_a_session_that_has_not_been_held_is_not_a_number(make: Factory, db: Session) -> None:
    assert count(db, staffed(make), make.now).steps == (0, None, None)


def test_someone_who_left_still_counts(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    first, second = group_of(make, cohort, 2)
    send_everything(first)
    staff = make.actor(make.facilitator(cohort))
    for each in (first, second):
        places.withdraw(db, enrolment=each.enrolment, actor=staff, reason="", now=make.now + timedelta(minutes=1))
    counted = count(db, cohort, make.now + timedelta(hours=1))
    assert counted.steps[0] == 2
    assert counted.answered["baseline"] == (1, 2)


def test_someone_who_left_before_the_questions_opened_was_not_asked(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    (person,) = group_of(make, cohort, 1)
    staff = make.actor(make.facilitator(cohort))
    places.withdraw(db, enrolment=person.enrolment, actor=staff, reason="", now=make.now)
    assert count(db, cohort, make.now + timedelta(days=40)).answered["mid"] == (0, 0)


def test_the_page_hides_small_numbers(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    service = db.get_one(Service, cohort.service_id)
    people = group_of(make, cohort, 7)
    for each in people[:2]:
        send_everything(each)
    found = results(db, actor=make.actor(lead_of(make, cohort)), now=make.now)
    assert found.groups == 1
    assert found.steps[0] == (cohort.name, (Cell(7, 7), Cell(None, why="Not yet"), Cell(None, why="Not yet")))
    assert found.answers[0][1][:2] == (Cell(None, 7), Cell(None, why="Not open yet"))
    assert db.get(Service, service.id) is service


def test_a_sum_over_some_groups_does_not_give_a_small_one_away() -> None:
    small = {0, 1}  # 3 and 9 people: hidden, because 24 - 12 - 9 is 3
    pairs = [None, (6, 9), (7, 12)]
    assert column_of(pairs, small, "Not yet")[-1] == Cell(None, None)
    assert column_of(pairs, set(), "Not yet")[-1] == Cell(13, 21)


def test_a_group_that_nobody_was_asked_in_says_so() -> None:
    cells = column_of([(0, 0), (6, 8)], set(), "Not yet")
    assert cells == [Cell(None, why="Nobody asked"), Cell(6, 8), Cell(6, 8)]


def test_another_service_is_not_counted(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    group_of(make, cohort, 6)
    group_of(make, make.noise(), 5)
    found = results(db, actor=make.actor(lead_of(make, cohort)), now=make.now)
    assert [name for name, _ in found.steps] == [cohort.name, "All groups"]
    assert found.steps[-1][1][0] == Cell(6, 6)


def test_a_service_without_groups_has_empty_results(make: Factory, db: Session) -> None:
    lead = make.person(make.service(), Role.SERVICE_LEAD)
    assert results(db, actor=make.actor(lead), now=make.now).groups == 0


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATOR, Role.DUTY_CLINICIAN, Role.PATIENT])
def test_other_roles_see_no_results(make: Factory, db: Session, role: Role) -> None:
    with pytest.raises(NotPermitted):
        results(db, actor=make.actor(lead_of(make, staffed(make), role)), now=make.now)
