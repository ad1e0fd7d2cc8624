"""A group is renamed, gets other places, takes nobody new, and is put away after its last session."""

from datetime import timedelta

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.services import cohorts_for
from backtolife.programme.upkeep import services
from tests.programme.changes.desk import Desk
from tests.support.factories import Factory


def edit(desk: Desk, name: str, capacity: int) -> None:
    services.edit(desk.db, cohort=desk.cohort, name=name, capacity=capacity, actor=desk.lead, now=desk.now)


def test_a_group_gets_another_name_and_number_of_places(desk: Desk) -> None:
    edit(desk, "  Bright  mornings ", 8)
    edit(desk, "Bright mornings", 8)
    assert (desk.cohort.name, desk.cohort.capacity) == ("Bright mornings", 8)
    [entry] = desk.db.exec(select(AuditEntry).where(AuditEntry.action == "cohort_edited")).all()
    assert entry.detail == {"renamed": True, "capacity": 8}


def test_fewer_places_than_people_and_a_taken_name_are_refused(make: Factory, desk: Desk) -> None:
    make.cohort(desk.db.get_one(Service, desk.cohort.service_id), "Evenings")
    with pytest.raises(Invalid, match="2 places are taken"):
        edit(desk, "Mornings", 1)
    with pytest.raises(Invalid, match="1 to 14"):
        edit(desk, "Mornings", 15)
    with pytest.raises(Conflict, match="group with this name already"):
        edit(desk, "Evenings", 12)
    assert (desk.cohort.name, desk.cohort.capacity) == ("Mornings", 12)


def test_a_closed_group_takes_nobody_until_it_is_open_again(make: Factory, desk: Desk) -> None:
    services.close(desk.db, cohort=desk.cohort, closed=True, actor=desk.lead, now=desk.now)
    with pytest.raises(Conflict, match="This group is closed"):
        make.enrolment(desk.cohort, "Late")
    services.close(desk.db, cohort=desk.cohort, closed=False, actor=desk.lead, now=desk.now)
    assert make.enrolment(desk.cohort, "Later")


def test_a_group_is_put_away_after_its_last_session_and_brought_back(make: Factory, desk: Desk) -> None:
    with pytest.raises(Conflict, match="Session 1 is still to come"):
        services.archive(desk.db, cohort=desk.cohort, archived=True, actor=desk.lead, now=desk.now)
    after = desk.starts(9) + timedelta(days=1)
    lead = desk.member(make, Role.SERVICE_LEAD)
    services.archive(desk.db, cohort=desk.cohort, archived=True, actor=lead, now=after)
    assert desk.cohort.closed_at == after
    assert cohorts_for(desk.db, actor=lead) == []
    assert cohorts_for(desk.db, actor=lead, archived=True) == [desk.cohort]
    services.archive(desk.db, cohort=desk.cohort, archived=False, actor=lead, now=after)
    assert cohorts_for(desk.db, actor=lead) == [desk.cohort]
