"""Two records of one person become one with both histories, or are said to be two people; both can be undone."""

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.board import services as board
from backtolife.board.models import BoardPost
from backtolife.errors import Conflict, NotFound, NotPermitted
from backtolife.people.identity.identifiers import keep_numbers, numbers_of
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.consent.answering import standing_answers
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.merging import services as merging
from backtolife.programme.merging.history import FATES, Fate, move, people_named
from backtolife.programme.merging.pairs import pairs_of
from backtolife.programme.patients.calling.calls import calls_of, record_call
from backtolife.programme.patients.notes import notes_of, write
from backtolife.programme.places.queue.waiting import wait, waiting_list
from backtolife.programme.places.rules import Wishes
from tests.programme.merging.twice import BORN, SEALING, Twice


def test_what_becomes_of_every_mention_of_a_person_is_decided() -> None:
    """A new table that names a person fails here until `history.FATES` says what a merge does with it."""
    assert {name for name, _, _ in people_named()} == set(FATES)
    assert len([each for each in FATES.values() if each is Fate.MOVES]) > 10


def test_the_kept_record_has_the_history_of_both(twice: Twice) -> None:
    place = twice.long_ago
    write(twice.db, whose=place, text="She came with her son.", actor=twice.lead, now=twice.now)
    record_call(twice.db, whose=place, outcome="left_word", words="", actor=twice.lead, now=twice.now)
    cohort = twice.db.get_one(Cohort, place.cohort_id)
    place.state = EnrolmentState.ENROLLED
    board.write(twice.db, cohort=cohort, actor=twice.make.actor(twice.other), text="Hello", now=twice.now)
    place.state = EnrolmentState.WITHDRAWN
    keep_numbers(twice.db, person=twice.other, numbers={"nhs_number": "9434765919"}, sealing=SEALING, now=twice.now)
    twice.other.date_of_birth, twice.other.address = BORN, "7 Mill Lane"
    twice.merge()
    assert twice.places(twice.kept) == {twice.now_in.id, twice.long_ago.id}
    assert (len(notes_of(twice.db, twice.kept.id)), len(calls_of(twice.db, twice.kept.id))) == (1, 1)
    assert twice.db.exec(select(BoardPost.person_id)).all() == [twice.kept.id]
    assert numbers_of(twice.db, person=twice.kept, sealing=SEALING) == {"nhs_number": "9434765919"}
    assert (twice.kept.date_of_birth, twice.kept.address) == (BORN, "7 Mill Lane")


def test_the_other_record_lets_nobody_in_any_more(twice: Twice) -> None:
    signed_in = signin.begin(twice.db, person=twice.other, now=twice.now)
    twice.merge()
    assert signin.find_signed_in(twice.db, token=signed_in, now=twice.now) is None
    assert signin.find_by_email(twice.db, twice.other.email) == []
    assert signin.find_by_email(twice.db, twice.kept.email) == [twice.kept]


def test_an_undone_merge_gives_each_record_what_it_had(twice: Twice) -> None:
    twice.other.phone, twice.other.address, twice.kept.address = "01632 960777", "7 Mill Lane", ""
    note = write(twice.db, whose=twice.long_ago, text="Before.", actor=twice.lead, now=twice.now)
    pair = twice.merge()
    assert twice.kept.address == "7 Mill Lane"
    since = write(twice.db, whose=twice.now_in, text="Since.", actor=twice.lead, now=twice.now)
    merging.undo(twice.db, pair_id=pair.id, actor=twice.lead, now=twice.now)
    assert (twice.places(twice.kept), twice.places(twice.other)) == ({twice.now_in.id}, {twice.long_ago.id})
    assert [each.newest.row.id for each in notes_of(twice.db, twice.other.id)] == [note.id]
    assert [each.newest.row.id for each in notes_of(twice.db, twice.kept.id)] == [since.id]
    assert (twice.kept.address, twice.other.active, twice.other.merged_into_id) == ("", True, None)
    with pytest.raises(NotFound, match="already"):
        merging.undo(twice.db, pair_id=pair.id, actor=twice.lead, now=twice.now)


def test_what_both_have_in_one_place_stays_where_it_was(twice: Twice) -> None:
    for person, number in ((twice.kept, "9434765919"), (twice.other, "4010232137")):
        keep_numbers(twice.db, person=person, numbers={"nhs_number": number}, sealing=SEALING, now=twice.now)
    twice.merge()
    assert numbers_of(twice.db, person=twice.kept, sealing=SEALING) == {"nhs_number": "9434765919"}
    assert numbers_of(twice.db, person=twice.other, sealing=SEALING) == {"nhs_number": "4010232137"}


def test_two_running_places_are_refused_in_words(twice: Twice) -> None:
    twice.long_ago.state = EnrolmentState.ENROLLED
    with pytest.raises(Conflict, match=r"Both have a place that still runs, in Group .* and Group"):
        twice.merge()
    assert twice.other.merged_into_id is None


def test_the_record_with_the_running_place_is_the_one_that_is_kept(twice: Twice) -> None:
    with pytest.raises(Conflict, match="Keep that record"):
        twice.merge(twice.other, twice.kept)


def test_one_who_has_died_and_one_who_has_not_are_not_made_one(twice: Twice) -> None:
    twice.other.died_at = twice.now
    with pytest.raises(Conflict, match="having died"):
        twice.merge()


def test_two_on_the_waiting_list_are_refused_in_words(twice: Twice) -> None:
    for person in (twice.kept, twice.other):
        wait(twice.db, person=person, wishes=Wishes(), actor=twice.lead, now=twice.now)
    with pytest.raises(Conflict, match="waiting list"):
        twice.merge()


@pytest.mark.parametrize("waits", ["kept", "other"])
def test_whoever_has_a_place_waits_no_more_once_the_two_are_one_and_waits_again_after_an_undo(
    twice: Twice, waits: str
) -> None:
    who = {"kept": twice.kept, "other": twice.other}[waits]
    row = wait(twice.db, person=who, wishes=Wishes(), actor=twice.lead, now=twice.now)
    pair = twice.merge()
    assert (row.left_at, row.left_because, row.enrolment_id) == (twice.now, "offered", twice.now_in.id)
    assert waiting_list(twice.db, actor=twice.lead) == []
    twice.undo(pair)
    assert (row.left_at, row.left_because, row.person_id) == (None, "", who.id)


def test_a_merged_record_is_in_no_second_merge_and_nobody_is_merged_with_themselves(twice: Twice) -> None:
    twice.merge()
    third = twice.make.person(twice.service)
    for kept, other in ((third, twice.other), (twice.other, third)):
        with pytest.raises(Conflict, match="merged into another"):
            twice.merge(kept, other)
    with pytest.raises(NotFound):
        twice.merge(third, third)


def test_a_record_that_was_merged_on_is_first_freed(twice: Twice) -> None:
    first = twice.merge()
    third = twice.make.person(twice.service)
    twice.now_in.state = EnrolmentState.COMPLETED
    second = twice.merge(third, twice.kept)
    with pytest.raises(Conflict, match="Take that back first"):
        merging.undo(twice.db, pair_id=first.id, actor=twice.lead, now=twice.now)
    for pair in (second, first):
        merging.undo(twice.db, pair_id=pair.id, actor=twice.lead, now=twice.now)
    assert twice.places(twice.other) == {twice.long_ago.id}


def test_nobody_reaches_records_of_another_service_and_a_facilitator_merges_none(twice: Twice) -> None:
    stranger = twice.make.person(twice.make.service())
    with pytest.raises(NotFound):
        twice.merge(twice.kept, stranger)
    twice.lead = twice.make.actor(twice.make.facilitator(twice.db.get_one(Cohort, twice.now_in.cohort_id)))
    with pytest.raises(NotPermitted):
        twice.merge()


def test_every_decision_leaves_a_trace_without_names(twice: Twice) -> None:
    pair = twice.merge()
    merging.undo(twice.db, pair_id=pair.id, actor=twice.lead, now=twice.now)
    merging.set_apart(twice.db, first_id=twice.kept.id, second_id=twice.other.id, actor=twice.lead, now=twice.now)
    entries = twice.db.exec(select(AuditEntry).where(AuditEntry.subject_id == twice.kept.id)).all()
    actions = [each.action for each in entries if each.action.startswith("records_")]
    assert actions == ["records_merged", "records_undone", "records_apart"]
    assert not any("Linda" in str(each.model_dump()) for each in entries)


def test_records_are_found_by_number_and_by_name_with_birth_and_apart_ones_no_more(twice: Twice) -> None:
    assert pairs_of(twice.db, actor=twice.lead) == []
    twice.kept.date_of_birth = twice.other.date_of_birth = BORN
    twice.other.full_name = twice.kept.full_name.upper()
    twice.db.flush()
    (pair,) = pairs_of(twice.db, actor=twice.lead)
    assert ({pair.first.id, pair.second.id}, "date of birth" in pair.because) == (
        {twice.kept.id, twice.other.id},
        True,
    )
    for person in (twice.kept, twice.other):
        keep_numbers(twice.db, person=person, numbers={"nhs_number": "9434765919"}, sealing=SEALING, now=twice.now)
    (pair,) = pairs_of(twice.db, actor=twice.lead)
    assert pair.because == "The same NHS number"
    merging.set_apart(twice.db, first_id=twice.kept.id, second_id=twice.other.id, actor=twice.lead, now=twice.now)
    assert pairs_of(twice.db, actor=twice.lead) == []


def test_nothing_moves_between_people_who_have_nothing(twice: Twice) -> None:
    first, second = twice.make.person(twice.service), twice.make.person(twice.service)
    assert move(twice.db, from_id=first.id, to_id=second.id) == {}


def test_a_no_on_either_record_counts_for_the_person(twice: Twice) -> None:
    twice.make.asks(twice.service)
    twice.make.agrees(twice.kept)
    twice.make.agrees(twice.other, agreed=False, kinds=[ConsentKind.LATER])
    twice.make.agrees(twice.other, kinds=[ConsentKind.GP])
    twice.merge()
    said = {kind: each.agreed for (_, kind), each in standing_answers(twice.db, [twice.kept.id]).items()}
    assert said == dict.fromkeys(ConsentKind, True) | {ConsentKind.LATER: False}
    assert not any(
        place.agreed_later for place in twice.db.exec(select(Enrolment)) if place.id in twice.places(twice.kept)
    )
