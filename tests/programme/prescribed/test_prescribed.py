"""Exercises picked for one person: by staff of their group, changed and stopped with a trace, read at home."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.plan.loading import shipped
from backtolife.programme.prescribed import rules, services
from tests.support.factories import Factory
from tests.support.sessions.door import Door, before_the_door

FIRST, SECOND, *OTHERS = shipped().exercises


class Desk:
    """Linda's place, her facilitator, one from another group, and Joseph, for whom something is picked too."""

    def __init__(self, make: Factory) -> None:
        service = make.service()
        cohort, elsewhere = make.cohort(service), make.cohort(service)
        self.db, self.now = make.db, make.now
        self.lead, self.other = (make.actor(make.facilitator(each)) for each in (cohort, elsewhere))
        self.place, joseph = make.enrolment(cohort, "Linda"), make.enrolment(cohort, "Joseph")
        self.linda = make.actor(make.db.get_one(Person, self.place.person_id))
        self.pick(SECOND, place=joseph)

    def pick(
        self,
        exercise: str = FIRST,
        way: str = "sitting",
        amount: str = "5 times",
        *,
        seen: int = 0,
        actor: Actor | None = None,
        place: Enrolment | None = None,
    ) -> None:
        self.now += timedelta(minutes=1)
        services.prescribe(
            self.db,
            enrolment=place or self.place,
            exercise_id=exercise,
            way=way,
            amount=amount,
            seen=seen,
            actor=actor or self.lead,
            now=self.now,
        )

    def given(self) -> list[tuple[str, str, str]]:
        found = services.prescribed_to(self.db, self.place)
        return [(each.exercise.id, each.newest.way, each.newest.amount) for each in found]


@pytest.fixture
def desk(make: Factory) -> Desk:
    return Desk(make)


def test_what_is_picked_stays_in_the_order_in_which_it_was_picked(desk: Desk) -> None:
    desk.pick()
    desk.pick(SECOND, "lying", "  3  times\n a day")
    desk.pick(amount="8 times", seen=1)
    assert desk.given() == [(FIRST, "sitting", "8 times"), (SECOND, "lying", "3 times a day")]


def test_every_change_keeps_who_wrote_what_before(desk: Desk) -> None:
    desk.pick()
    desk.pick(way="standing", seen=1)
    desk.pick(way="standing", seen=1)
    services.stop(desk.db, enrolment=desk.place, exercise_id=FIRST, actor=desk.lead, now=desk.now)
    services.stop(desk.db, enrolment=desk.place, exercise_id=FIRST, actor=desk.lead, now=desk.now)
    assert desk.given() == []
    desk.pick(amount="2 times")
    [own] = services.prescribed_to(desk.db, desk.place)
    assert [(row.version, row.way, row.stopped, by.id) for row, by in own.versions] == [
        (4, "sitting", False, desk.lead.id),
        (3, "standing", True, desk.lead.id),
        (2, "standing", False, desk.lead.id),
        (1, "sitting", False, desk.lead.id),
    ]
    told = list(desk.db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == desk.place.id)))
    assert (told.count("exercise_prescribed"), told.count("exercise_stopped")) == (3, 1)


def test_a_change_over_a_newer_one_is_refused(desk: Desk) -> None:
    desk.pick()
    desk.pick(amount="6 times", seen=1)
    with pytest.raises(Conflict, match="Somebody changed this exercise"):
        desk.pick(amount="7 times", seen=1)
    assert desk.given() == [(FIRST, "sitting", "6 times")]


@pytest.mark.parametrize(
    ("exercise", "way", "amount", "field"),
    [
        ("no-such", "sitting", "5", "exercise"),
        (FIRST, "flying", "5", "way"),
        (FIRST, "sitting", " ", "amount"),
        (FIRST, "sitting", "x" * 201, "amount"),
    ],
)
def test_what_cannot_be_picked_is_said_beside_its_field(
    desk: Desk, exercise: str, way: str, amount: str, field: str
) -> None:
    with pytest.raises(Invalid) as told:
        desk.pick(exercise, way, amount)
    assert (told.value.field, desk.given()) == (field, [])


def test_more_than_anybody_does_at_home_is_refused(desk: Desk) -> None:
    for each in (FIRST, SECOND, *OTHERS)[: rules.MOST]:
        desk.pick(each)
    with pytest.raises(Invalid, match="Stop one of them first"):
        desk.pick(OTHERS[rules.MOST])
    desk.pick(amount="9 times", seen=1)


def test_only_staff_of_the_group_pick(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        desk.pick(actor=desk.linda)
    with pytest.raises(NotFound):
        desk.pick(actor=desk.other)
    with pytest.raises(NotFound):
        services.stop(desk.db, enrolment=desk.place, exercise_id=FIRST, actor=desk.lead, now=desk.now)


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def test_what_a_facilitator_picks_linda_reads_at_home_with_a_drawing(door: Door) -> None:
    with door.database() as db:
        place = db.exec(select(Enrolment.id).where(Enrolment.person_id == door.linda.id)).one()
    door.sign_in(door.group.lead)
    address, name = f"/patients/{place}/exercises", shipped().exercises[FIRST].name
    wrong = door.client.post(address, data={"exercise": "", "way": "sitting", "amount": "5 times"})
    assert wrong.status_code == 400 and "Choose an exercise" in wrong.text and "5 times" in wrong.text
    picked = {"exercise": FIRST, "way": "sitting", "amount": "5 times, twice a day"}
    assert "5 times, twice a day" in door.client.post(address, data=picked, follow_redirects=True).text
    stale = door.client.post(address, data={**picked, "amount": "6 times"})
    assert stale.status_code == 400 and "Somebody changed this exercise" in stale.text and "6 times" in stale.text
    assert f"{name}, sitting" in door.client.get(f"/patients/{place}").text
    door.sign_in(door.linda)
    week = door.client.get("/week").text
    assert f"{name}, sitting" in week and "5 times, twice a day" in week
    assert f"/exercises/{FIRST}/sitting/still.svg" in week
    assert "an exercise picked for you" in door.client.get("/").text
    assert f"exercise:{FIRST}" in door.client.get("/practice").text
    door.sign_in(door.group.lead)
    page = door.client.post(f"{address}/{FIRST}/stop", follow_redirects=True).text
    assert "Stopped" in page and "Pick it again" in page
    door.sign_in(door.linda)
    assert "5 times, twice a day" not in door.client.get("/week").text
