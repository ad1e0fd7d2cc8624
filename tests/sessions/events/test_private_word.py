"""A word in private: who is in it, what they and the group are shown, where their sound goes, and how it ends."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife.sessions.state import breakout_rules, visibility
from backtolife.sessions.state.room_state import publishing_of
from tests.support.sessions.hall import Hall, ask, open_hall

NOW_MS = 1


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def seat_of(hall: Hall, name: str) -> str:
    return next(seat for seat, entry in hall.state["seats"].items() if entry["name"] == name)


def place(hall: Hall, name: str) -> str:
    return breakout_rules.place_of(hall.state, seat_of(hall, name), NOW_MS)


def names(hall: Hall, who: str) -> set[str]:
    """Whom this person's page shows."""
    people = visibility.view(hall.state, seat_of(hall, who)).get("people", {})
    return {one["name"] for one in people.values()}


def test_hold_one_person_for_a_private_word(hall: Hall) -> None:
    """Somebody who waits talks with one facilitator, and is not let into the group by that."""
    linda = hall.sit(hall.group.patients[0])
    hall.sit(hall.group.patients[1], admitted=True)
    page, tom = hall.connect(hall.group.patients[0]), hall.connect(hall.group.spotter)
    hall.connect(hall.group.lead)
    assert ask(tom, "word_begin", {"seat": linda.id})["ok"]
    assert place(hall, "Linda") == place(hall, "Tom") != breakout_rules.WHOLE
    assert place(hall, "Priya") == place(hall, "Joseph") == breakout_rules.WHOLE
    assert names(hall, "Linda") == {"Linda", "Tom"}
    assert names(hall, "Joseph") == {"Joseph", "Priya"}
    assert hall.ask_fresh(linda, page, "hand_up")["status"] == 403
    assert ask(tom, "admit_all")["admitted"] == 0
    assert ask(tom, "word_end")["ok"]
    assert hall.state["seats"][linda.id]["status"] == "held"
    assert place(hall, "Tom") == breakout_rules.WHOLE
    assert ask(tom, "admit", {"seat": linda.id})["ok"]
    assert "Linda" in names(hall, "Joseph")


def test_both_may_speak_while_the_group_is_muted(hall: Hall) -> None:
    linda = hall.sit(hall.group.patients[0], admitted=True)
    lead = hall.connect(hall.group.lead)
    assert ask(lead, "start")["ok"]
    assert "microphone" not in publishing_of(hall.state, linda.id).sources
    assert ask(lead, "word_begin", {"seat": linda.id})["ok"]
    assert "microphone" in publishing_of(hall.state, linda.id).sources
    assert visibility.view(hall.state, linda.id)["me"]["may_speak"]
    assert ask(lead, "word_end")["ok"]
    assert "microphone" not in publishing_of(hall.state, linda.id).sources


@pytest.mark.parametrize("event", ["hold", "remove"])
def test_it_ends_for_both_when_the_patient_is_sent_out(hall: Hall, event: str) -> None:
    linda = hall.sit(hall.group.patients[0], admitted=True)
    lead = hall.connect(hall.group.lead)
    ask(lead, "word_begin", {"seat": linda.id})
    assert ask(lead, event, {"seat": linda.id})["ok"]
    assert not any("word" in entry for entry in hall.state["seats"].values())
    assert ask(lead, "word_end")["ok"]


def test_it_ends_for_both_when_the_facilitator_leaves(hall: Hall) -> None:
    linda = hall.sit(hall.group.patients[0], admitted=True)
    hall.connect(hall.group.lead)
    spotter = hall.connect(hall.group.spotter)
    ask(spotter, "word_begin", {"seat": linda.id})
    assert ask(spotter, "leave")["ok"]
    assert place(hall, "Linda") == breakout_rules.WHOLE


def test_nobody_is_in_two_private_words(hall: Hall) -> None:
    linda, joseph = (hall.sit(person, admitted=True) for person in hall.group.patients)
    lead, spotter = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    assert ask(lead, "word_begin", {"seat": linda.id})["ok"]
    assert ask(spotter, "word_begin", {"seat": linda.id})["status"] == 409
    assert ask(lead, "word_begin", {"seat": joseph.id})["status"] == 409
    assert ask(spotter, "word_begin", {"seat": joseph.id})["ok"]
    assert place(hall, "Linda") != place(hall, "Joseph")


def test_a_facilitator_is_not_taken_aside(hall: Hall) -> None:
    lead, _ = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    assert ask(lead, "word_begin", {"seat": seat_of(hall, "Tom")})["status"] == 409


@pytest.mark.parametrize("ends", ["word_end", "leave"])
def test_who_waits_is_known_to_have_had_their_word_until_the_next_one(hall: Hall, ends: str) -> None:
    linda = hall.sit(hall.group.patients[0])
    tom = hall.connect(hall.group.spotter)
    lead = hall.connect(hall.group.lead)
    ask(tom, "word_begin", {"seat": linda.id})
    assert ask(tom, ends)["ok"]
    assert visibility.view(hall.state, linda.id)["me"]["word_over"]
    assert visibility.view(hall.state, seat_of(hall, "Priya"))["people"][linda.id]["word_over"]
    ask(lead, "word_begin", {"seat": linda.id})
    assert "word_over" not in visibility.view(hall.state, linda.id)["me"]
    ask(lead, "word_end")
    ask(lead, "admit", {"seat": linda.id})
    ask(lead, "hold", {"seat": linda.id})
    assert "word_over" not in visibility.view(hall.state, linda.id)["me"], "held anew, for another word"
