"""What a service says of itself is changed: by whom, version by version, and never over what somebody else saved."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.outcomes.safety import on_call
from backtolife.people.access import Actor, OutOfReach
from backtolife.people.models import Role, Service
from backtolife.programme.own_service import services
from tests.support.factories import Factory


@pytest.fixture
def service(make: Factory) -> Service:
    make.noise()
    return make.service("Midtown")


def by(make: Factory, service: Service, role: Role) -> Actor:
    return make.actor(make.person(service, role))


def change(db: Session, service: Service, actor: Actor, now: datetime, **wanted: object) -> list[str]:
    about = replace(services.about(service), **wanted)  # type: ignore[arg-type]
    return services.change(db, service=service, wanted=about, seen=service.version, actor=actor, now=now)


def test_an_administrator_changes_everything_and_each_change_is_a_version(
    db: Session, make: Factory, service: Service, now: datetime
) -> None:
    admin = by(make, service, Role.ADMINISTRATOR)
    assert change(db, service, admin, now, name="Riverside", colour="#005EB8") == ["name", "colour"]
    assert (service.name, service.colour, service.version) == ("Riverside", "#005eb8", 1)
    assert change(db, service, admin, now, name="Midtown") == ["name"]
    newest, first = services.versions(db, service)
    assert newest.fields == [("Name", "Riverside", "Midtown")]
    assert first.fields == [("Name", "Midtown", "Riverside"), ("Colour", "", "#005eb8")]
    made = db.exec(select(AuditEntry).where(AuditEntry.action == "service_changed")).all()
    assert [(each.actor_id, each.detail["version"]) for each in made] == [(admin.id, 1), (admin.id, 2)]


def test_saving_what_stands_already_is_no_change(db: Session, make: Factory, service: Service, now: datetime) -> None:
    assert change(db, service, by(make, service, Role.ADMINISTRATOR), now) == []
    assert service.version == 0


def test_a_clinical_lead_changes_what_is_clinical_and_nothing_else(
    db: Session, make: Factory, service: Service, now: datetime
) -> None:
    lead = by(make, service, Role.CLINICAL_LEAD)
    assert change(db, service, lead, now, country="GB-SCT", keep_years=10) == ["country", "keep_years"]
    with pytest.raises(NotPermitted, match="An administrator changes this"):
        change(db, service, lead, now, name="Riverside")
    db.refresh(service)
    assert service.name == "Midtown"


def test_others_and_strangers_change_nothing(db: Session, make: Factory, service: Service, now: datetime) -> None:
    for role in (Role.FACILITATOR, Role.SERVICE_LEAD, Role.DUTY_CLINICIAN):
        with pytest.raises(NotPermitted):
            change(db, service, by(make, service, role), now, name="Riverside")
    with pytest.raises(OutOfReach):
        change(db, service, by(make, make.service(), Role.ADMINISTRATOR), now, name="Riverside")


def test_who_saves_over_somebody_elses_change_is_told(
    db: Session, make: Factory, service: Service, now: datetime
) -> None:
    admin = by(make, service, Role.ADMINISTRATOR)
    change(db, service, admin, now, name="Riverside")
    about = replace(services.about(service), name="Lakeside")
    with pytest.raises(Conflict, match="while you had it open"):
        services.change(db, service=service, wanted=about, seen=0, actor=admin, now=now)


REFUSED = {
    "name": (" ", "Enter the name"),
    "short_name": ("", "Enter a short name"),
    "phone": ("", "Enter the number"),
    "zone": ("Europe/Nowhere", "no time zone"),
    "country": ("XX", "Choose a country"),
    "colour": ("#eeeeee", "contrast of"),
    "keep_years": (0, "1 to 30 years"),
}


@pytest.mark.parametrize("field", REFUSED)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    db: Session, make: Factory, service: Service, now: datetime, field: str
) -> None:
    value, words = REFUSED[field]
    with pytest.raises(Invalid, match=words) as refused:
        change(db, service, by(make, service, Role.ADMINISTRATOR), now, **{field: value})
    assert refused.value.field == field


def test_bank_holidays_are_those_of_the_country_that_was_chosen(
    db: Session, make: Factory, service: Service, now: datetime
) -> None:
    """2 January is a day off in Scotland alone; the Danes keep Maundy Thursday."""
    second, maundy = date(2026, 1, 2), date(2026, 4, 2)
    assert on_call.days_off(db, service, [second, maundy]) == {}
    change(db, service, by(make, service, Role.CLINICAL_LEAD), now, country="GB-SCT")
    assert list(on_call.days_off(db, service, [second, maundy])) == [second]
    change(db, service, by(make, service, Role.CLINICAL_LEAD), now, country="DK")
    assert list(on_call.days_off(db, service, [second, maundy])) == [maundy]


def test_groups_that_ended_before_the_years_that_records_are_kept_are_counted(
    db: Session, make: Factory, service: Service, now: datetime
) -> None:
    make.cohort(service, "Old", first_day=now.date() - timedelta(days=365 * 9))
    make.cohort(service, "New", first_day=now.date())
    assert services.groups_to_forget(db, service, now) == 1
    service.keep_years = 10
    assert services.groups_to_forget(db, service, now) == 0
