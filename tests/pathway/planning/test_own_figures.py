"""What a service's own year says: each figure from rows that can be counted on fingers, and nothing from too few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import NotPermitted
from backtolife.pathway.planning.own_figures import OwnFigures, own_figures
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState as State
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.rules import Way
from tests.support.factories import Factory
from tests.support.statements import statements_of

DAY = timedelta(days=1)
CAME = (State.ENROLLED, State.STARTED)


@dataclass
class Clinic:
    """A service whose past is written down row by row; days are counted back from now."""

    make: Factory
    service: Service

    def figures(self, role: Role = Role.SERVICE_LEAD) -> OwnFigures:
        self.make.db.flush()
        actor = self.make.actor(self.make.person(self.service, role))
        return own_figures(self.make.db, actor=actor, now=self.make.now)

    def waits(self, people: int, *, since: int, left: int | None = None, because: str = "", died: bool = False) -> None:
        for _ in range(people):
            person = self.make.person(self.service)
            person.died_at = self.make.now if died else None
            self.make.db.add(
                Waiting(
                    service_id=self.service.id,
                    person_id=person.id,
                    since=self.make.now - since * DAY,
                    way=Way.EITHER,
                    by="test",
                    left_at=None if left is None else self.make.now - left * DAY,
                    left_because=because,
                )
            )

    def group(self, *, began: int, capacity: int = 12) -> Cohort:
        return self.make.cohort(self.service, capacity=capacity, first_day=(self.make.now - began * DAY).date())

    def places(self, people: int, cohort: Cohort, steps: Sequence[State], *, given: int) -> None:
        for number in range(people):
            person, db = self.make.person(self.service), self.make.db
            at = self.make.now - given * DAY
            place = Enrolment(
                service_id=self.service.id,
                cohort_id=cohort.id,
                person_id=person.id,
                code=f"{cohort.id[:6]}{steps[-1][:3]}{number:02}",
                state=steps[-1],
                enrolled_at=at,
            )
            db.add(place)
            db.flush()
            for later, state in enumerate((State.INVITED, *steps)):
                moment = at + later * DAY
                change = EnrolmentChange(
                    service_id=self.service.id, enrolment_id=place.id, state=state, at=moment, by="test"
                )
                db.add(change)


@pytest.fixture
def clinic(db: Session, make: Factory) -> Clinic:
    other = Clinic(make, make.service())
    other.waits(31, since=200)
    other.places(25, other.group(began=200), (*CAME, State.COMPLETED), given=220)
    return Clinic(make, make.service())


def test_a_new_service_has_nothing_to_begin_from(clinic: Clinic) -> None:
    found = clinic.figures()
    assert found.nothing
    assert (found.waiting, found.arrivals, found.says_yes, found.waited) == (0, None, None, None)


def test_who_waits_is_told_to_the_nearest_five_without_who_died_or_left(clinic: Clinic) -> None:
    clinic.waits(13, since=100)
    clinic.waits(5, since=100, died=True)
    clinic.waits(5, since=100, left=10, because="elsewhere")
    assert clinic.figures().waiting == 15


def test_who_came_in_a_year_is_told_by_the_month_and_a_mistake_never_came(clinic: Clinic) -> None:
    clinic.waits(1, since=800, left=700, because="elsewhere")
    clinic.waits(59, since=100)
    clinic.waits(9, since=100, left=99, because="mistake")
    assert clinic.figures().arrivals == 5.0


def test_who_was_given_a_place_without_the_list_came_too(clinic: Clinic) -> None:
    clinic.waits(1, since=800, left=700, because="elsewhere")
    clinic.places(60, clinic.group(began=50), CAME, given=60)
    assert clinic.figures().arrivals == 5.0


def test_a_service_at_work_for_some_weeks_says_nothing_of_a_month_yet(clinic: Clinic) -> None:
    clinic.waits(40, since=80)
    found = clinic.figures()
    assert (found.waiting, found.arrivals, found.gives_up) == (40, None, None)


def test_who_gave_up_is_set_against_the_months_that_people_waited(clinic: Clinic) -> None:
    """20 people wait 12 months, and 12 gave up after the same 12: 12 in 384 months, or 3 in 100 a month."""
    clinic.waits(20, since=365)
    clinic.waits(12, since=365, left=0, because="no_longer_wants")
    assert clinic.figures().gives_up == 3


def test_who_was_offered_a_place_did_not_give_up(clinic: Clinic) -> None:
    clinic.waits(20, since=365)
    clinic.waits(12, since=365, left=0, because="offered")
    assert clinic.figures().gives_up == 0


def test_the_share_that_says_yes_needs_twenty_answers(clinic: Clinic) -> None:
    group = clinic.group(began=10)
    clinic.places(14, group, (State.ENROLLED,), given=30)
    clinic.places(5, group, (State.DECLINED,), given=30)
    assert clinic.figures().says_yes is None
    clinic.places(1, clinic.group(began=10), (State.DECLINED,), given=30)
    assert clinic.figures().says_yes == 70


def test_who_drops_out_is_counted_of_those_who_said_yes_in_groups_that_ended(clinic: Clinic) -> None:
    over, running = clinic.group(began=120), clinic.group(began=20)
    clinic.places(16, over, (*CAME, State.COMPLETED), given=130)
    clinic.places(4, over, (*CAME, State.WITHDRAWN), given=130)
    clinic.places(3, over, (*CAME, State.DIED), given=130)
    clinic.places(9, over, (State.DECLINED,), given=130)
    clinic.places(9, running, CAME, given=30)
    assert clinic.figures().drops_out == 20


def test_groups_and_their_places_are_those_that_began_in_the_year(clinic: Clinic) -> None:
    clinic.waits(1, since=800, left=700, because="elsewhere")
    for began, capacity in ((30, 10), (90, 12), (200, 14), (500, 2)):
        clinic.group(began=began, capacity=capacity)
    clinic.group(began=-10, capacity=2)
    found = clinic.figures()
    assert (found.groups, found.places) == (0.2, 12)


def test_how_long_people_waited_is_told_in_weeks(clinic: Clinic) -> None:
    clinic.waits(10, since=100, left=72, because="offered")
    clinic.waits(9, since=100, left=16, because="offered")
    assert clinic.figures().waited is None
    clinic.waits(1, since=100, left=16, because="offered")
    waited = clinic.figures().waited
    assert waited is not None
    assert (waited.low, waited.middle, waited.high) == (4, 12, 12)


def test_it_takes_as_many_statements_for_many_as_for_few(db: Session, clinic: Clinic) -> None:
    clinic.waits(2, since=100)
    actor = clinic.make.actor(clinic.make.person(clinic.service, Role.SERVICE_LEAD))
    db.flush()
    with statements_of(db.connection()) as few:
        own_figures(db, actor=actor, now=clinic.make.now)
    clinic.waits(30, since=100)
    clinic.places(30, clinic.group(began=50), CAME, given=60)
    db.flush()
    with statements_of(db.connection()) as many:
        own_figures(db, actor=actor, now=clinic.make.now)
    assert len(many) == len(few) <= 4


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATOR, Role.PATIENT])
def test_only_leads_plan(clinic: Clinic, role: Role) -> None:
    with pytest.raises(NotPermitted):
        clinic.figures(role)
