"""The addresses and numbers of a record that was merged into another one are those of the record that goes on."""

from dataclasses import replace

import pytest

from backtolife.errors import Conflict
from backtolife.people.identity.identifiers import keep_numbers, people_with
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.programme.merging.pairs import pairs_of
from backtolife.programme.patients.correcting import correct, details_of
from tests.programme.merging.twice import SEALING, Twice

NUMBER, OTHER_NUMBER = "9434765919", "4010232137"


def change_address(twice: Twice, email: str, *, may_share: bool = False) -> None:
    details = details_of(twice.kept)
    correct(
        twice.db,
        actor=twice.lead,
        whose=twice.now_in,
        details=replace(details, email=email),
        seen=details.mark,
        send_again=False,
        may_share=may_share,
        now=twice.now,
    )


def number(twice: Twice, person: Person, typed: str) -> None:
    keep_numbers(twice.db, person=person, numbers={"nhs_number": typed}, sealing=SEALING, now=twice.now)


def test_the_good_address_of_the_merged_record_is_taken_over(twice: Twice) -> None:
    bad, good = twice.kept.email, twice.other.email
    twice.merge()
    change_address(twice, good)
    assert (twice.kept.email, twice.other.email) == (good, bad)
    assert signin.find_by_email(twice.db, good) == [twice.kept]
    assert signin.find_by_email(twice.db, bad) == []


def test_an_undo_gives_the_address_back_and_whoever_reads_it_opens_the_kept_record_no_more(twice: Twice) -> None:
    bad, good = twice.kept.email, twice.other.email
    pair = twice.merge()
    change_address(twice, good)
    signed_in = signin.begin(twice.db, person=twice.kept, now=twice.now)
    twice.undo(pair)
    assert (twice.kept.email, twice.other.email) == (bad, good)
    assert signin.find_signed_in(twice.db, token=signed_in, now=twice.now) is None


def test_an_address_that_was_taken_over_and_given_up_is_the_other_ones_again(twice: Twice) -> None:
    good = twice.other.email
    pair = twice.merge()
    change_address(twice, good)
    change_address(twice, "linda@example.net")
    twice.undo(pair)
    assert (twice.kept.email, twice.other.email) == ("linda@example.net", good)


def test_an_address_that_somebody_new_has_by_now_is_not_taken_from_them(twice: Twice) -> None:
    good = twice.other.email
    pair = twice.merge()
    change_address(twice, good)
    change_address(twice, "linda@example.net")
    twice.make.person(twice.service).email = good
    twice.db.flush()
    with pytest.raises(Conflict, match="somebody else's now"):
        twice.undo(pair)


def test_the_address_of_a_record_merged_into_somebody_else_stays_theirs(twice: Twice) -> None:
    other, third = twice.other.email, twice.make.person(twice.service)
    twice.merge(third, twice.other)
    with pytest.raises(Conflict, match="Another patient has this"):
        change_address(twice, other)


def test_both_numbers_find_the_record_that_goes_on(twice: Twice) -> None:
    number(twice, twice.kept, NUMBER)
    number(twice, twice.other, OTHER_NUMBER)
    twice.merge()
    for each in (NUMBER, OTHER_NUMBER):
        found = people_with(twice.db, service_id=twice.service.id, numbers={"nhs_number": each}, sealing=SEALING)
        assert found == [twice.kept]


def test_a_number_left_with_a_merged_record_finds_a_third_one_of_the_same_person(twice: Twice) -> None:
    number(twice, twice.kept, NUMBER)
    number(twice, twice.other, OTHER_NUMBER)
    twice.merge()
    assert pairs_of(twice.db, actor=twice.lead) == []
    third = twice.make.person(twice.service)
    number(twice, third, OTHER_NUMBER)
    (pair,) = pairs_of(twice.db, actor=twice.lead)
    assert {pair.first.id, pair.second.id} == {twice.kept.id, third.id}
    assert pair.because == "The same NHS number"


@pytest.mark.parametrize("first", ["bert", "linda"])
def test_an_address_that_the_other_record_shared_is_shared_again_after_an_undo(twice: Twice, first: str) -> None:
    """Whoever of the couple had it first."""
    shared, bert = twice.other.email, twice.make.person(twice.service, name="Bert")
    twice.other.shares_address = first == "bert"
    twice.db.flush()
    bert.email, bert.shares_address = shared, first == "linda"
    twice.db.flush()
    pair = twice.merge()
    change_address(twice, shared, may_share=True)
    change_address(twice, "linda@example.net")
    twice.undo(pair)
    assert (twice.kept.email, twice.other.email) == ("linda@example.net", shared)
    assert (twice.other.shares_address, bert.shares_address) == (first == "bert", first == "linda")
