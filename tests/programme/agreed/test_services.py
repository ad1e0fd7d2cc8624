"""What a patient plans to do until next time: of which session, every version kept, and how it went."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.agreed import services
from backtolife.programme.agreed.rules import Went, Wording
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from tests.support.factories import Factory

WALK = Wording("Walk to the shop", "10 minutes", "after breakfast", 8)


class Desk:
    """A group in its second session: Linda's place, its facilitator, and Joseph, who has a plan of his own."""

    def __init__(self, make: Factory) -> None:
        make.noise()
        cohort = make.cohort(make.service())
        self.db, self.lead = make.db, make.actor(make.facilitator(cohort))
        self.place, other = make.enrolment(cohort, "Linda"), make.enrolment(cohort, "Joseph")
        self.linda = make.actor(make.db.get_one(Person, self.place.person_id))
        self.now = dates_of(make.db, cohort.id)[1].starts_at + timedelta(minutes=20)
        self.set(Wording("Go back to the choir"), place=other)

    def set(
        self,
        plan: Wording,
        *,
        number: int = 1,
        seen: int = 0,
        place: Enrolment | None = None,
        actor: Actor | None = None,
        now: datetime | None = None,
    ) -> None:
        services.set_plan(
            self.db,
            enrolment=place or self.place,
            session_number=number,
            plan=plan,
            seen=seen,
            actor=actor or self.lead,
            now=now or self.now,
        )

    def went(self, went: Went, number: int = 1) -> None:
        services.say_went(
            self.db, enrolment=self.place, session_number=number, went=went, actor=self.lead, now=self.now
        )

    def plans(self) -> list[services.OwnPlan]:
        found = services.plans_of(self.db, [self.place.id])
        assert set(found) <= {self.place.id}
        return found.get(self.place.id, [])


@pytest.fixture
def desk(make: Factory) -> Desk:
    return Desk(make)


def test_a_plan_is_kept_for_its_session_the_newest_session_first(desk: Desk) -> None:
    desk.set(WALK)
    desk.set(Wording("  Dig   the garden\n"), number=2)
    assert [(each.session_number, each.wording) for each in desk.plans()] == [
        (2, Wording("Dig the garden")),
        (1, WALK),
    ]


def test_a_correction_keeps_what_was_written_and_by_whom(desk: Desk) -> None:
    desk.set(WALK)
    desk.set(Wording("Walk to the bench", sure=9), seen=1)
    [own] = desk.plans()
    assert [(row.version, row.what, by.id) for row, by in own.versions] == [
        (2, "Walk to the bench", desk.lead.id),
        (1, "Walk to the shop", desk.lead.id),
    ]
    wanted = select(AuditEntry.action).where(AuditEntry.subject_id == desk.place.id)
    assert list(desk.db.exec(wanted)).count("plan_set") == 2


def test_how_it_went_is_written_beside_the_plan_and_stays_through_a_correction(desk: Desk) -> None:
    desk.set(WALK)
    desk.went(Went.PARTLY)
    desk.went(Went.PARTLY)
    assert [(each.went, each.wording, each.newest.version) for each in desk.plans()] == [("Partly", WALK, 2)]
    desk.set(Wording("Walk to the bench"), seen=2)
    assert [(each.went, each.newest.what) for each in desk.plans()] == [("Partly", "Walk to the bench")]
    desk.went(Went.DONE)
    assert [each.went for each in desk.plans()] == ["Done"]


def test_the_same_plan_again_adds_nothing_and_whoever_saw_an_older_one_is_told(desk: Desk) -> None:
    desk.set(WALK)
    desk.set(WALK)
    assert [len(each.versions) for each in desk.plans()] == [1]
    with pytest.raises(Conflict, match="Somebody changed this plan"):
        desk.set(Wording("Swim"))


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Wording("  "), "what"),
        (Wording("a" * 301), "what"),
        (Wording("Walk", how_much="a" * 101), "how_much"),
        (Wording("Walk", when="a" * 101), "when"),
        (Wording("Walk", sure=11), "sure"),
        (Wording("Walk", sure=-1), "sure"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(desk: Desk, plan: Wording, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.set(plan)
    assert refused.value.field == field


def test_there_is_no_plan_of_a_session_that_has_not_been(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.set(WALK, number=3)
    with pytest.raises(NotFound):
        desk.went(Went.DONE)
    assert desk.plans() == []


def test_a_patient_does_not_write_plans(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        desk.set(WALK, actor=desk.linda)
