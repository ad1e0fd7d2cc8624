"""Who waits for a place: in turn, with a reason for each who goes before theirs, and back on the list by “not now”."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.letters.waiting import tell_off_list, tell_on_list
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue import stopping, waiting
from backtolife.programme.places.queue.wishing import change_wishes
from backtolife.programme.places.rules import Way, Wishes, fits
from tests.support.factories import Factory
from tests.support.statements import statements_of

LAST_DAY = date(2026, 3, 9)
SITE = "http://localhost"


def admin_of(make: Factory, service: Service) -> Actor:
    return make.actor(make.person(service, Role.ADMINISTRATOR))


def waits(make: Factory, actor: Actor, name: str, *, days: int = 0, wishes: Wishes | None = None) -> Waiting:
    """Somebody who has waited for so many days."""
    person = make.person(make.db.get_one(Service, actor.service_id), Role.PATIENT, name)
    since = make.now - timedelta(days=days)
    return waiting.wait(make.db, person=person, wishes=wishes or Wishes(), actor=actor, now=make.now, since=since)


def offer(make: Factory, actor: Actor, row: Waiting, cohort: Cohort, jump: str = "") -> Enrolment:
    return waiting.offer_from_list(
        make.db,
        waits=waiting.find_waiting(make.db, actor=actor, waiting_id=row.id),
        cohort=cohort,
        jump=jump,
        answer_by=LAST_DAY,
        site=SITE,
        actor=actor,
        now=make.now,
    )


def names(db: Session, actor: Actor) -> list[str]:
    return [each.person.shown_name for each in waiting.waiting_list(db, actor=actor)]


def test_the_longest_wait_is_first_and_other_services_have_lists_of_their_own(db: Session, make: Factory) -> None:
    service = make.service()
    admin = admin_of(make, service)
    other = admin_of(make, make.service())
    waits(make, admin, "Ann", days=3)
    waits(make, admin, "Bea", days=30)
    foreign = waits(make, other, "Noise", days=90)
    assert names(db, admin) == ["Bea", "Ann"]
    with pytest.raises(NotFound):
        waiting.find_waiting(db, actor=admin, waiting_id=foreign.id)


def test_a_facilitator_does_not_read_the_list(db: Session, make: Factory) -> None:
    facilitator = make.actor(make.facilitator(make.cohort(make.service())))
    with pytest.raises(NotPermitted):
        waiting.waiting_list(db, actor=facilitator)


def test_nobody_is_on_the_list_twice(db: Session, make: Factory) -> None:
    service = make.service()
    admin = admin_of(make, service)
    row = waits(make, admin, "Ann")
    with pytest.raises(Conflict, match="on the waiting list already"):
        waiting.wait(db, person=db.get_one(Person, row.person_id), wishes=Wishes(), actor=admin, now=make.now)


@pytest.mark.parametrize(
    ("wishes", "suits"),
    [
        (Wishes(), True),
        (Wishes(times=("morning",)), True),
        (Wishes(times=("evening",)), False),
        (Wishes(way=Way.FACE_TO_FACE), False),
        (Wishes(earliest=date(2026, 3, 10)), True),
        (Wishes(earliest=date(2026, 3, 11)), False),
    ],
)
def test_a_group_fits_by_time_way_and_earliest_start(wishes: Wishes, suits: bool) -> None:
    assert fits(wishes, first_day=date(2026, 3, 10), wall_time="10:00") is suits


def test_a_free_place_goes_to_the_next_and_the_list_keeps_which(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    row = waits(make, admin, "Ann", days=9)
    place = offer(make, admin, row, cohort)
    assert place.state is EnrolmentState.INVITED
    assert (row.left_at, row.left_because, row.enrolment_id, row.jump) == (now, "offered", place.id, "")
    assert names(db, admin) == []
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "waiting_offered")).one()
    assert entry.detail == {"in_turn": True, "enrolment": place.id}


def test_going_before_ones_turn_needs_a_reason_unless_the_group_does_not_fit_who_waits_longer(
    db: Session, make: Factory
) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service, wall_time=time(10))
    waits(make, admin, "Ann", days=30)
    late, third = waits(make, admin, "Bea", days=9), waits(make, admin, "Cai", days=1)
    with pytest.raises(Invalid, match="waited longer"):
        offer(make, admin, late, cohort, jump=" ")
    offer(make, admin, late, cohort, jump="Starts work abroad in June")
    assert late.jump == "Starts work abroad in June"
    evening = make.cohort(service, wall_time=time(19))
    db.exec(select(Waiting).where(Waiting.since < third.since, Waiting.left_because == "")).one().times = ["morning"]
    db.flush()
    offer(make, admin, third, evening)
    assert third.jump == "", "the evening does not suit whoever waits longer"


def test_a_full_group_leaves_them_on_the_list(db: Session, make: Factory) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service, capacity=1)
    make.enrolment(cohort)
    row = waits(make, admin, "Ann")
    with pytest.raises(Conflict, match="full"):
        offer(make, admin, row, cohort)
    assert row.left_at is None
    assert waiting.free_groups(db, actor=admin, now=make.now) == []


def test_not_now_puts_them_back_with_the_wait_and_wishes_they_had(db: Session, make: Factory) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    row = waits(make, admin, "Ann", days=40, wishes=Wishes(times=("morning",)))
    place = offer(make, admin, row, cohort)
    patient = make.actor(db.get_one(Person, place.person_id))
    assert waiting.after_not_now(db, enrolment=place, actor=patient, now=make.now)
    [again] = waiting.waiting_list(db, actor=admin)
    assert (again.row.since, again.row.wishes.times) == (row.since, ("morning",))
    assert not waiting.after_not_now(db, enrolment=place, actor=patient, now=make.now), "they are on it already"


def test_who_stops_waiting_is_off_the_list_with_the_reason(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann")
    found = waiting.find_waiting(db, actor=admin, waiting_id=row.id)
    with pytest.raises(Invalid):
        stopping.stop_waiting(db, waits=found, because="", actor=admin, now=make.now)
    stopping.stop_waiting(db, waits=found, because="elsewhere", actor=admin, now=make.now)
    assert (row.left_because, names(db, admin)) == ("elsewhere", [])
    with pytest.raises(NotFound, match="waits no more"):
        waiting.find_waiting(db, actor=admin, waiting_id=row.id)


def test_who_was_taken_off_is_put_back_at_their_old_turn(db: Session, make: Factory) -> None:
    service = make.service()
    admin = admin_of(make, service)
    ann, _ = waits(make, admin, "Ann", days=9), waits(make, admin, "Ben", days=5)
    found = waiting.find_waiting(db, actor=admin, waiting_id=ann.id)
    stopping.stop_waiting(db, waits=found, because="no_contact", actor=admin, now=make.now)
    with pytest.raises(Conflict, match="taken them off"):
        stopping.stop_waiting(db, waits=found, because="no_contact", actor=admin, now=make.now)
    [off] = stopping.stopped_lately(db, actor=admin, now=make.now)
    assert (off.person.shown_name, off.because) == ("Ann", "We could not reach them")
    assert stopping.stopped_lately(db, actor=admin, now=make.now + timedelta(days=91)) == []
    stopping.put_back(db, waiting_id=ann.id, actor=admin, now=make.now)
    assert (names(db, admin), ann.left_because) == (["Ann", "Ben"], "")
    assert stopping.stopped_lately(db, actor=admin, now=make.now) == []
    trace = db.exec(select(AuditEntry).where(AuditEntry.subject_id == ann.id, AuditEntry.action == "waiting_put_back"))
    assert "no_contact" in str(trace.one().detail)
    with pytest.raises(Conflict, match="on the waiting list already"):
        stopping.put_back(db, waiting_id=ann.id, actor=admin, now=make.now)


def test_nobody_is_put_back_who_has_a_place_since_or_was_offered_one(db: Session, make: Factory) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    off, offered = waits(make, admin, "Ann"), waits(make, admin, "Ben")
    found = waiting.find_waiting(db, actor=admin, waiting_id=off.id)
    stopping.stop_waiting(db, waits=found, because="mistake", actor=admin, now=make.now)
    enrol(db, patient=found.person, cohort=cohort, actor=admin, now=make.now)
    with pytest.raises(Conflict, match="has a place or an offer since"):
        stopping.put_back(db, waiting_id=off.id, actor=admin, now=make.now)
    offer(make, admin, offered, cohort)
    with pytest.raises(Conflict, match="was offered a place"):
        stopping.put_back(db, waiting_id=offered.id, actor=admin, now=make.now)
    elsewhere = admin_of(make, make.service())
    with pytest.raises(NotFound):
        stopping.put_back(db, waiting_id=off.id, actor=elsewhere, now=make.now)


def test_other_wishes_keep_the_wait(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann", days=9)
    found, since = waiting.find_waiting(db, actor=admin, waiting_id=row.id), row.since
    wanted = Wishes(("morning",), Way.REMOTE, date(2026, 5, 1), "Never on a Friday ")
    changed = change_wishes(db, waits=found, wishes=wanted, actor=admin, now=make.now)
    assert changed == ["times", "way", "earliest", "words"]
    assert (row.wishes, row.since) == (Wishes(("morning",), Way.REMOTE, date(2026, 5, 1), "Never on a Friday"), since)
    assert change_wishes(db, waits=found, wishes=wanted, actor=admin, now=make.now) == []
    actions = db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == row.id)).all()
    assert actions == ["waiting_began", "waiting_wishes_changed"]
    with pytest.raises(Invalid):
        change_wishes(db, waits=found, wishes=Wishes(words="x" * 501), actor=admin, now=make.now)


def test_a_letter_that_had_not_gone_is_dropped_and_not_contradicted(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann")
    letters = select(OutgoingMessage).where(OutgoingMessage.person_id == row.person_id)
    assert tell_on_list(db, row=row, now=make.now)
    assert "waiting list" in db.exec(letters).one().subject
    assert not tell_off_list(db, row=row, now=make.now)
    assert db.exec(letters).all() == []
    assert tell_off_list(db, row=row, now=make.now), "nothing waited: they are told"
    assert not tell_on_list(db, row=row, now=make.now)


def test_whoever_is_offered_a_place_is_not_written_to_about_the_wait_any_more(db: Session, make: Factory) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    row = waits(make, admin, "Ann")
    tell_on_list(db, row=row, now=make.now)
    offer(make, admin, row, cohort)
    letters = select(OutgoingMessage.key).where(OutgoingMessage.person_id == row.person_id)
    assert [each.partition(":")[0] for each in db.exec(letters)] == ["invitation"]


def test_whoever_has_died_waits_no_more(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann")
    person = db.get_one(Person, row.person_id)
    person.died_at = make.now
    assert names(db, admin) == []
    row.left_at = make.now
    with pytest.raises(Conflict, match="having died"):
        waiting.wait(db, person=person, wishes=Wishes(), actor=admin, now=make.now)


def test_the_list_takes_the_same_statements_for_two_and_for_twenty(db: Session, make: Factory) -> None:
    service = make.service()
    admin, counts = admin_of(make, service), []
    make.cohort(service)
    for many in (2, 18):
        for number in range(many):
            waits(make, admin, f"Number {number}")
        db.flush()
        db.expire_all()
        with statements_of(db.connection()) as seen:
            found = waiting.waiting_list(db, actor=admin)
            assert waiting.free_groups(db, actor=admin, now=make.now)
        counts.append(len(seen))
    assert len(found) == 20
    assert counts[0] == counts[1] <= 15, seen


def test_sixteen_who_offer_to_the_same_person_at_once_make_one_offer(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=20)
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        admin, cohort = admin_of(make, service), make.cohort(service)
        row = waits(make, admin, "Ann")

    def one(_: int) -> bool:
        try:
            with session_scope(engine) as db:
                offer(Factory(db, now), admin, row, db.get_one(Cohort, cohort.id))
        except (Conflict, NotFound):
            return False
        return True

    with ThreadPoolExecutor(16) as at_once:
        assert list(at_once.map(one, range(16))).count(True) == 1
    with session_scope(engine) as db:
        assert len(db.exec(select(Enrolment)).all()) == 1
    engine.dispose()


def test_a_group_that_has_begun_takes_who_waits_until_the_session_that_the_programme_names(
    db: Session, make: Factory
) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    starts = [each.starts_at for each in dates_of(db, cohort.id)]
    found = [waiting.free_groups(db, actor=admin, now=moment - timedelta(hours=1)) for moment in starts[:4]]
    assert [[each.coming.number for each in groups] for groups in found] == [[1], [2], [3], []]
    assert [each.has_begun for each in (found[0][0], found[1][0])] == [False, True]
    assert found[2][0].first_day == starts[2].date()
