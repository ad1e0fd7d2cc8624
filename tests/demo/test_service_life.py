"""The demo shows a running service: offers out, a waiting list, somebody who left, a session that moved."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.config import Settings
from backtolife.demo import seed
from backtolife.demo.cast import COMING, LEFT
from backtolife.demo.facilitator_course import every_film
from backtolife.demo.history import LEFT_AFTER_SESSION
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety import on_call
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.people.models import Person, Service
from backtolife.people.roles import acting_as
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of, staff_of
from backtolife.programme.course.services import Around, courses_of
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.places.offer_lists import open_offers
from backtolife.programme.places.queue.waiting import waiting_list
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.signed.models import GuideSignature
from backtolife.programme.staffing.services import clashes_of
from backtolife.sessions.rehearsals.services import rehearsed
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.room.store import plan_of
from backtolife.sessions.summary.services import sections_of


@pytest.fixture
def filled(db: Session, settings: Settings, now: datetime) -> Service:
    assert seed.fill(db, settings=settings, now=now)
    return db.exec(select(Service).where(Service.name == seed.NAME)).one()


def states(db: Session, service: Service, key: str) -> set[EnrolmentState]:
    person = seed.find(db, service, key)
    return set(db.exec(select(Enrolment.state).where(Enrolment.person_id == person.id)))


def test_places_are_offered_and_each_kind_of_answer_was_given(db: Session, filled: Service) -> None:
    found = [states(db, filled, member.key) for member in COMING]
    assert found == [
        {EnrolmentState.ENROLLED},
        {EnrolmentState.DECLINED},
        {EnrolmentState.DECLINED},
        {EnrolmentState.INVITED},
        {EnrolmentState.OFFER_TAKEN_BACK},
    ]


def test_who_waits_stands_on_the_list_the_longest_first(db: Session, filled: Service, now: datetime) -> None:
    grace = acting_as(db, seed.find(db, filled, "grace"))
    assert [each.person.shown_name for each in waiting_list(db, actor=grace)] == ["Rosa", "Ted", "Noor"]
    assert [each.person.shown_name for each in open_offers(db, actor=grace, now=now)] == ["Aled"]


def test_somebody_left_a_session_is_cancelled_and_one_moved(db: Session, filled: Service) -> None:
    assert states(db, filled, LEFT[0].key) == {EnrolmentState.WITHDRAWN}
    changes = db.exec(select(DatesChange).order_by(col(DatesChange.version))).all()
    assert [(each.kind, list(each.after)) for each in changes] == [
        (ChangeKind.LEFT_OUT, ["6"]),
        (ChangeKind.MOVED, ["7"]),
    ]
    assert {db.get_one(Person, each.by).shown_name for each in changes} == {"Grace"}


def test_nobody_who_leads_or_spots_is_in_two_groups_at_once(db: Session, filled: Service) -> None:
    for cohort in db.exec(select(Cohort).where(Cohort.service_id == filled.id)):
        for _, person in staff_of(db, cohort.id):
            assert not clashes_of(db, person=person, cohort=cohort, dates=dates_of(db, cohort.id))


def test_what_happened_to_a_place_stands_in_the_order_in_which_it_can_happen(db: Session, filled: Service) -> None:
    mei = db.exec(select(Enrolment).where(Enrolment.person_id == seed.find(db, filled, "mei").id)).one()
    changes = db.exec(select(EnrolmentChange).where(EnrolmentChange.enrolment_id == mei.id)).all()
    moments = {each.state: each.at for each in changes}
    assert moments[EnrolmentState.INVITED] <= moments[EnrolmentState.ENROLLED] < moments[EnrolmentState.STARTED]


def test_who_left_was_in_no_session_after_that(db: Session, filled: Service) -> None:
    fred = seed.find(db, filled, LEFT[0].key)
    wanted = select(GroupSession.number).join(Seat, col(Seat.group_session_id) == col(GroupSession.id))
    numbers = db.exec(wanted.where(Seat.person_id == fred.id)).all()
    assert numbers
    assert max(numbers) <= LEFT_AFTER_SESSION


def test_each_session_that_was_held_went_through_its_script(db: Session, filled: Service, now: datetime) -> None:
    older = db.exec(select(Cohort.id).where(Cohort.service_id == filled.id, Cohort.name == "Group A")).one()
    ended = GroupSession.status == GroupStatus.ENDED
    held = db.exec(select(GroupSession).where(GroupSession.cohort_id == older, ended)).all()
    assert len(held) == seed.WEEKS_BEHIND
    for each in held:
        assert [(line.title, line.took) for line in sections_of(db, each, now)] == [
            (part.title, part.minutes) for part in plan_of(db, each).sections
        ]


def test_who_reads_no_mail_is_to_be_called(db: Session, filled: Service) -> None:
    aled = seed.find(db, filled, "aled")
    (call,) = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == aled.id)).all()
    assert (call.channel, call.address, call.state) == (Channel.TELEPHONE, aled.phone, MessageState.WAITING)


def test_groups_that_ended_give_evidence_from_the_first_minute(db: Session, filled: Service, now: datetime) -> None:
    people = {each.person_id for each in db.exec(select(Enrolment).where(Enrolment.state == EnrolmentState.COMPLETED))}
    names = {db.get_one(Person, each).full_name for each in people}
    assert len(people) >= 20
    assert len(names) == len(people)
    assert db.exec(select(SafetyTask)).all() == []


def test_the_rota_has_nobody_missing_for_three_weeks_and_cover_for_who_is_away(
    db: Session, filled: Service, now: datetime
) -> None:
    first = [on_call.on_duty(db, filled.id, now + timedelta(days=days))[0].shown_name for days in (0, 7, 10, 14, 20)]
    assert first == ["Dan", "Grace", "Grace", "Dan", "Dan"]
    (leave,) = db.exec(select(StaffLeave)).all()
    assert db.get_one(Person, leave.person_id).shown_name == "Dan"


def test_people_practised_and_the_team_has_a_draft_and_signed_words(db: Session, filled: Service) -> None:
    assert len(db.exec(select(PracticeEntry).where(PracticeEntry.note != "")).all()) == 3
    (draft,) = db.exec(select(ProgrammeDraft)).all()
    assert "one kind answer" in draft.files["programme.yaml"]
    assert {(each.guide, each.language) for each in db.exec(select(GuideSignature))} == {
        (guide, language) for guide in ("guide-urgent-help", "guide-flare-up-plan") for language in ("pl", "cy")
    }


def test_one_facilitator_has_done_the_course_and_one_has_begun(db: Session, filled: Service) -> None:
    people = {key: seed.find(db, filled, key) for key in ("priya", "tom")}
    around = Around(rehearsed, every_film)
    courses = courses_of(db, service_id=filled.id, people=[each.id for each in people.values()], around=around)
    priya, tom = (courses[each.id] for each in people.values())
    assert (priya.stands, priya.rehearsed, priya.left) == (True, True, [])
    assert tom.next_step == "Read 6 of 10"


@pytest.mark.parametrize("hour", [0, 4, 23])
def test_there_is_a_session_to_join_at_any_hour_and_again_when_it_is_over(
    db: Session, settings: Settings, now: datetime, hour: int
) -> None:
    began = now.replace(hour=hour, minute=58)
    assert seed.fill(db, settings=settings, now=began)
    service = db.exec(select(Service).where(Service.name == seed.NAME)).one()
    assert seed.can_be_joined(db, service, began)
    assert not seed.fill(db, settings=settings, now=began + timedelta(minutes=30))
    assert seed.fill(db, settings=settings, now=began + timedelta(hours=9))
    assert seed.can_be_joined(db, service, began + timedelta(hours=9))
