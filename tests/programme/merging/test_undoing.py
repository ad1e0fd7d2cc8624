"""What becomes of two records when a merge is undone, and on the way there."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from backtolife.errors import Conflict
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, queue
from backtolife.people.models import LinkPurpose, Person
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.messages import queue_link
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.consent.answering import standing_answers
from backtolife.programme.consent.asking import taken_back_words
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.merging.history import move
from backtolife.programme.patients.notes import correct, notes_of, write
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.services import for_date
from tests.programme.merging.twice import Twice
from tests.reminders.still_wanted import still_wanted


def wait_for(twice: Twice, person: Person, key: str) -> OutgoingMessage:
    message = queue(
        twice.db,
        service_id=person.service_id,
        key=key,
        address=person.email,
        person_id=person.id,
        now=twice.now,
        subject="Hello",
        body="Words",
        text="Words",
    )
    assert message is not None
    return message


def corrections(twice: Twice, person: Person) -> list[int]:
    wanted = select(AttendanceCorrection).where(AttendanceCorrection.person_id == person.id)
    return sorted(each.minutes for each in twice.db.exec(wanted))


def put_right(twice: Twice, person: Person, version: int, minutes: int) -> None:
    cohort = twice.db.get_one(Cohort, twice.long_ago.cohort_id)
    session = for_date(twice.db, dates_of(twice.db, cohort.id)[0])
    twice.db.add(
        AttendanceCorrection(
            service_id=cohort.service_id,
            group_session_id=session.id,
            person_id=person.id,
            version=version,
            minutes=minutes,
            reason="By phone",
            by=twice.lead.id,
            at=twice.now,
        )
    )
    twice.db.flush()


def test_a_record_of_somebody_who_has_died_stays_shut_after_an_undo(twice: Twice) -> None:
    for person in (twice.kept, twice.other):
        person.died_at, person.active = twice.now, False
    pair = twice.merge()
    twice.undo(pair)
    assert (twice.other.merged_into_id, twice.other.active, twice.kept.active) == (None, False, False)


def test_a_death_recorded_since_is_taken_back_before_the_undo(twice: Twice) -> None:
    """Else the one record would go on as if its person lived."""
    pair = twice.merge()
    twice.kept.died_at, twice.kept.active = twice.now, False
    with pytest.raises(Conflict, match="died since"):
        twice.undo(pair)
    assert (twice.other.merged_into_id, twice.other.active) == (twice.kept.id, False)


def test_a_note_corrected_since_goes_back_with_its_correction(twice: Twice) -> None:
    note = write(twice.db, whose=twice.long_ago, text="Before.", actor=twice.lead, now=twice.now)
    pair = twice.merge()
    place = twice.db.get_one(Enrolment, twice.long_ago.id)
    correct(twice.db, whose=place, thread=note.thread, seen=1, text="Since.", actor=twice.lead, now=twice.now)
    twice.undo(pair)
    (back,) = notes_of(twice.db, twice.other.id)
    assert (back.newest.row.text, [each.row.text for each in back.earlier]) == ("Since.", ["Before."])
    assert notes_of(twice.db, twice.kept.id) == []


def test_attendance_put_right_since_goes_back_with_what_stood_there_before(twice: Twice) -> None:
    put_right(twice, twice.other, 1, 30)
    pair = twice.merge()
    put_right(twice, twice.kept, 2, 45)
    twice.undo(pair)
    assert (corrections(twice, twice.other), corrections(twice, twice.kept)) == ([30, 45], [])


def test_what_was_said_of_one_session_for_both_is_not_mixed(twice: Twice) -> None:
    put_right(twice, twice.kept, 1, 60)
    put_right(twice, twice.other, 1, 30)
    put_right(twice, twice.other, 2, 45)
    move(twice.db, from_id=twice.other.id, to_id=twice.kept.id)
    assert (corrections(twice, twice.kept), corrections(twice, twice.other)) == ([60], [30, 45])


def test_after_an_undo_each_is_asked_later_as_their_own_answer_says(twice: Twice) -> None:
    twice.make.asks(twice.service)
    twice.make.agrees(twice.other, kinds=[ConsentKind.LATER])
    twice.make.agrees(twice.kept, agreed=False, kinds=[ConsentKind.LATER])
    pair = twice.merge()
    assert not twice.long_ago.agreed_later
    twice.undo(pair)
    twice.db.expire_all()
    assert (twice.long_ago.agreed_later, twice.now_in.agreed_later) == (True, False)


def test_a_no_that_came_with_the_other_record_is_not_told_as_if_they_had_just_said_it(twice: Twice) -> None:
    twice.make.asks(twice.service)
    twice.make.agrees(twice.kept)
    twice.make.agrees(twice.other, agreed=False, kinds=[ConsentKind.GROUP])
    twice.merge()
    assert taken_back_words(twice.db, twice.kept.id).startswith("We have a no from you")
    twice.make.agrees(twice.kept)
    twice.make.agrees(twice.kept, agreed=False, kinds=[ConsentKind.GROUP])
    assert taken_back_words(twice.db, twice.kept.id).startswith("You took a yes back")


def test_a_number_comes_with_the_name_it_belongs_to_or_not_at_all(twice: Twice) -> None:
    twice.kept.clinician, twice.kept.clinician_phone = "Dr Reyes, Mill Street", ""
    twice.other.clinician, twice.other.clinician_phone = "Dr Okafor", "01632 960111"
    twice.kept.emergency_name, twice.kept.emergency_phone = "Tom", ""
    twice.other.emergency_name, twice.other.emergency_phone = "tom", "01632 960222"
    pair = twice.merge()
    assert (twice.kept.clinician, twice.kept.clinician_phone) == ("Dr Reyes, Mill Street", "")
    assert (twice.kept.emergency_name, twice.kept.emergency_phone) == ("Tom", "01632 960222")
    twice.undo(pair)
    assert (twice.kept.emergency_name, twice.kept.emergency_phone) == ("Tom", "")


def test_a_pair_that_was_taken_whole_goes_whole_unless_half_of_it_was_corrected(twice: Twice) -> None:
    twice.other.clinician, twice.other.clinician_phone = "Dr Okafor", "01632 960111"
    twice.other.emergency_name, twice.other.emergency_phone = "Tom", "01632 960222"
    pair = twice.merge()
    twice.kept.clinician_phone = "01632 960333"
    twice.undo(pair)
    assert (twice.kept.clinician, twice.kept.clinician_phone) == ("Dr Okafor", "01632 960333")
    assert (twice.kept.emergency_name, twice.kept.emergency_phone) == ("", "")


def test_needs_are_taken_whole_and_go_whole(twice: Twice) -> None:
    twice.other.needs, twice.other.needs_language = ["interpreter"], "Polish"
    pair = twice.merge()
    assert (twice.kept.needs, twice.kept.needs_language) == (["interpreter"], "Polish")
    twice.undo(pair)
    assert (twice.kept.needs, twice.kept.needs_language) == (None, "")


def test_languages_are_taken_where_there_are_none_and_go_again(twice: Twice) -> None:
    twice.other.message_language, twice.other.needs_language = "cy", "pl"
    pair = twice.merge()
    assert (twice.kept.message_language, twice.kept.needs_language) == ("cy", "pl")
    twice.undo(pair)
    assert (twice.kept.message_language, twice.kept.needs_language) == ("", "")


def test_a_language_told_without_needs_stays_beside_needs_that_are_taken(twice: Twice) -> None:
    twice.kept.message_language = twice.kept.needs_language = "ur"
    twice.other.needs, twice.other.needs_language, twice.other.message_language = ["interpreter"], "pl", "pl"
    pair = twice.merge()
    assert (twice.kept.needs, twice.kept.needs_language, twice.kept.message_language) == (["interpreter"], "ur", "ur")
    twice.undo(pair)
    assert (twice.kept.needs, twice.kept.needs_language, twice.kept.message_language) == (None, "ur", "ur")


def test_what_waits_goes_the_way_of_the_record_that_goes_on_and_back_after_an_undo(twice: Twice) -> None:
    message = wait_for(twice, twice.other, "welcome")
    own = twice.other.email
    twice.kept.phone, twice.kept.channel, twice.kept.text_from = "07700 900123", Channel.SMS, 0
    pair = twice.merge()
    assert (message.person_id, message.channel) == (twice.kept.id, Channel.SMS)
    assert "900123" in message.address
    twice.undo(pair)
    twice.db.refresh(message)
    assert (message.person_id, message.channel, message.address) == (twice.other.id, Channel.EMAIL, own)


def test_what_is_about_the_other_ones_place_goes_no_more_to_the_kept_one_after_an_undo(twice: Twice) -> None:
    cohort = twice.make.cohort(twice.service)
    place = enrol(twice.db, patient=twice.other, cohort=cohort, actor=twice.lead, now=twice.now)
    date = dates_of(twice.db, cohort.id)[0]
    place.state = EnrolmentState.COMPLETED
    pair = twice.merge()
    place.state = EnrolmentState.STARTED
    told = [
        wait_for(twice, twice.kept, f"{key}:{place.id}")
        for key in ("welcome", f"reminder-24h:{date.id}:{date.starts_at:%Y%m%d%H%M}", "questionnaire-due:baseline")
    ]
    assert [still_wanted(twice.db, each, twice.now) for each in told] == [True] * 3
    twice.undo(pair)
    twice.db.expire_all()
    assert [still_wanted(twice.db, each, twice.now) for each in told] == [False] * 3


def test_what_waits_is_held_where_others_read_what_one_of_the_two_gets(twice: Twice) -> None:
    message = wait_for(twice, twice.kept, "welcome")
    twice.other.others_read = True
    twice.merge()
    assert message.state is MessageState.HELD


def test_a_link_of_the_record_that_ends_is_not_sent_any_more(twice: Twice) -> None:
    issued = signin.issue_link(twice.db, person=twice.other, purpose=LinkPurpose.JOIN, now=twice.now)
    queue_link(twice.db, person=twice.other, issued=issued, address="https://example.org/link", now=twice.now)
    wait_for(twice, twice.other, "welcome")
    twice.now += timedelta(minutes=1)
    twice.merge()
    assert twice.db.exec(select(OutgoingMessage.key)).all() == ["welcome"]


def stands(twice: Twice, person: Person) -> list[tuple[ConsentKind, bool, datetime]]:
    answers = standing_answers(twice.db, [person.id])
    return [(kind, answers[person.id, kind].agreed, answers[person.id, kind].at) for kind in ConsentKind]


def test_after_an_undo_the_yes_of_the_kept_record_stands_again_as_it_was_said(twice: Twice) -> None:
    """The no was the other one's."""
    twice.make.asks(twice.service)
    twice.make.agrees(twice.kept)
    before = stands(twice, twice.kept)
    twice.make.agrees(twice.other, agreed=False, kinds=[ConsentKind.GROUP, ConsentKind.LATER])
    twice.now += timedelta(hours=1)
    pair = twice.merge()
    assert [agreed for _, agreed, _ in stands(twice, twice.kept)].count(False) == 2
    assert not twice.now_in.agreed_later
    twice.undo(pair)
    twice.db.expire_all()
    assert stands(twice, twice.kept) == before
    assert twice.now_in.agreed_later
    others = standing_answers(twice.db, [twice.other.id])
    assert {kind for (_, kind), each in others.items() if not each.agreed} == {ConsentKind.GROUP, ConsentKind.LATER}


def test_what_they_answered_themselves_since_stays_after_an_undo(twice: Twice) -> None:
    twice.make.asks(twice.service)
    twice.make.agrees(twice.kept)
    twice.make.agrees(twice.other, agreed=False, kinds=[ConsentKind.GROUP, ConsentKind.DATA])
    pair = twice.merge()
    twice.make.agrees(twice.kept, kinds=[ConsentKind.GROUP])
    twice.make.agrees(twice.kept, agreed=False, kinds=[ConsentKind.GROUP])
    twice.undo(pair)
    said = {kind: agreed for kind, agreed, _ in stands(twice, twice.kept)}
    assert (said[ConsentKind.GROUP], said[ConsentKind.DATA]) == (False, True)
