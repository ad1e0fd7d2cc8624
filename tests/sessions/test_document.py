"""The room's document: what each event does to it, and what each seat may see of it."""

from typing import Any

import pytest

from backtolife.errors import Conflict, NotFound
from backtolife.programme.loading import shipped
from backtolife.sessions import document, sight
from backtolife.sessions.document import Document, changed
from backtolife.sessions.rules import Camera, SeatRole

SECTIONS = shipped().session(1).sections


def seated(state: Document, seat: str, role: SeatRole = SeatRole.PATIENT, camera: Camera = Camera.EVERYONE) -> Document:
    return changed(
        state,
        "take_seat",
        seat=seat,
        person=f"person of {seat}",
        name=seat.title(),
        role=role,
        camera=camera,
        news="",
        now_ms=len(state["seats"]),
    )


@pytest.fixture
def state() -> Document:
    """Priya leads, Tom spots, Linda is in, Joseph waits."""
    places = {"person of priya": "lead", "person of tom": "spotter"}
    made = seated(document.empty(places), "tom", SeatRole.FACILITATOR)
    made = seated(made, "priya", SeatRole.FACILITATOR)
    made = seated(seated(made, "linda"), "joseph")
    return changed(made, "admit", seat="linda", now_ms=10)


def started(state: Document) -> Document:
    return changed(state, "start", sections=SECTIONS, now_ms=1_000)


def step(state: Document, name: str, **given: Any) -> Document:
    return changed(state, name, sections=SECTIONS, seen=state["section"]["index"], now_ms=2_000, **given)


def test_an_event_leaves_the_document_before_it_as_it_was(state: Document) -> None:
    started(state)
    assert state["status"] == "open"


def test_the_cohorts_lead_leads_even_when_the_spotter_came_first(state: Document) -> None:
    assert state["lead"] == "priya"


def test_the_spotter_leads_while_the_lead_is_away(state: Document) -> None:
    assert changed(state, "leave", seat="priya")["lead"] == "tom"


def test_starting_enters_the_first_section(state: Document) -> None:
    section = started(state)["section"]
    assert (section["index"], section["id"], section["entered_ms"]) == (0, SECTIONS[0].id, 1_000)


def test_a_session_starts_once(state: Document) -> None:
    with pytest.raises(Conflict, match="started already"):
        started(started(state))


def test_a_double_press_of_next_moves_one_section(state: Document) -> None:
    moved = step(started(state), "next")
    with pytest.raises(Conflict):
        changed(moved, "next", sections=SECTIONS, seen=0, now_ms=2_000)
    assert moved["section"]["index"] == 1


def test_a_section_can_be_gone_back_to_and_jumped_to(state: Document) -> None:
    there = step(started(state), "go_to", index=4)
    assert (there["section"]["index"], step(there, "back")["section"]["index"]) == (4, 3)


def test_nothing_moves_before_the_start(state: Document) -> None:
    with pytest.raises(Conflict, match="Start the session first"):
        step(state, "next")


def test_nothing_happens_after_the_end(state: Document) -> None:
    ended = changed(state, "end", now_ms=5_000)
    with pytest.raises(Conflict, match="over"):
        changed(ended, "hand", seat="linda", up=True, now_ms=6_000)


def test_somebody_is_let_in_once(state: Document) -> None:
    with pytest.raises(Conflict, match="not in the waiting room"):
        changed(state, "admit", seat="linda", now_ms=20)


def test_a_seat_of_another_room_is_not_found(state: Document) -> None:
    with pytest.raises(NotFound):
        changed(state, "admit", seat="stranger", now_ms=20)


def test_a_facilitator_is_neither_removed_nor_held(state: Document) -> None:
    for name in ("remove", "hold"):
        with pytest.raises(Conflict):
            changed(state, name, seat="tom")


def test_joining_again_while_admitted_does_not_send_anyone_back_to_wait(state: Document) -> None:
    assert seated(state, "linda", camera=Camera.OFF)["seats"]["linda"]["status"] == "admitted"


def test_coming_back_after_leaving_means_waiting_again(state: Document) -> None:
    assert seated(changed(state, "leave", seat="linda"), "linda")["seats"]["linda"]["status"] == "lobby"


def test_a_hand_stays_in_its_place_in_line_when_raised_twice(state: Document) -> None:
    once = changed(state, "hand", seat="linda", up=True, now_ms=100)
    assert changed(once, "hand", seat="linda", up=True, now_ms=200)["seats"]["linda"]["hand_ms"] == 100


def test_a_call_for_help_is_taken_by_one_person(state: Document) -> None:
    called = changed(state, "ask_help", alert="a", seat="linda", now_ms=1)
    taken = changed(called, "take_help", alert="a", by="Tom")
    with pytest.raises(Conflict, match="Tom has this already"):
        changed(taken, "take_help", alert="a", by="Priya")


def test_somebody_who_waits_sees_nobody(state: Document) -> None:
    seen = sight.view(state, "joseph")
    assert seen.keys() == {"status", "me", "alerts"}


def test_a_patient_sees_who_is_in_and_not_who_waits(state: Document) -> None:
    assert sight.view(state, "linda")["people"].keys() == {"linda", "priya", "tom"}


def test_facilitators_see_who_waits(state: Document) -> None:
    assert "joseph" in sight.view(state, "tom")["people"]


def test_a_private_camera_and_no_camera_look_the_same_to_the_group(state: Document) -> None:
    inside = changed(state, "admit", seat="joseph", now_ms=20)
    private = changed(inside, "camera", seat="joseph", choice=Camera.FACILITATORS)
    off = changed(inside, "camera", seat="joseph", choice=Camera.OFF)
    assert sight.view(private, "linda") == sight.view(off, "linda")
    assert sight.view(private, "tom") != sight.view(off, "tom")


def test_patients_see_no_effort_and_no_call_for_help_but_their_own(state: Document) -> None:
    inside = changed(state, "admit", seat="joseph", now_ms=20)
    busy = changed(inside, "exercising", seat="joseph", way="sitting", feels="hard")
    busy = changed(busy, "ask_help", alert="a", seat="joseph", now_ms=1)
    assert sight.view(busy, "linda") == sight.view(inside, "linda")
    assert sight.view(busy, "joseph")["alerts"]["a"] == {"at_ms": 1, "reason": ""}


def test_a_section_without_patients_sound_says_so_to_each_patient(state: Document) -> None:
    welcome = started(state)
    assert sight.view(welcome, "linda")["me"]["may_speak"] is False
    assert sight.view(welcome, "priya")["me"]["may_speak"] is True


def test_the_engine_is_told_what_a_private_camera_means(state: Document) -> None:
    private = changed(state, "camera", seat="linda", choice=Camera.FACILITATORS)
    may = document.publishing_of(private, "linda")
    assert (may.camera_to, may.sources) == ("facilitators", ("camera", "microphone"))


def test_in_a_muted_section_a_patient_may_send_only_the_camera(state: Document) -> None:
    assert document.publishing_of(started(state), "linda").sources == ("camera",)


def test_with_the_camera_off_in_a_muted_section_a_patient_may_send_nothing(state: Document) -> None:
    off = changed(started(state), "camera", seat="linda", choice=Camera.OFF)
    assert document.publishing_of(off, "linda").sources == ()


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396, as the page applies it."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            target[key] = merge(target.get(key) if isinstance(target.get(key), dict) else {}, value)
        else:
            target[key] = value
    return target


def test_patches_bring_a_page_to_the_same_view(state: Document) -> None:
    changes = [
        ("hand", {"seat": "linda", "up": True, "now_ms": 5}),
        ("admit", {"seat": "joseph", "now_ms": 6}),
        ("start", {"sections": SECTIONS, "now_ms": 7}),
        ("hand", {"seat": "linda", "up": False, "now_ms": 8}),
        ("hold", {"seat": "linda"}),
        ("leave", {"seat": "joseph"}),
    ]
    page = sight.view(state, "linda")
    for name, given in changes:
        after = changed(state, name, **given)
        page = merge(page, sight.patch_for(state, after, "linda"))
        assert page == sight.view(after, "linda")
        state = after


def test_a_patch_holds_only_what_changed(state: Document) -> None:
    after = changed(state, "hand", seat="linda", up=True, now_ms=5)
    assert sight.patch_for(state, after, "tom") == {"people": {"linda": {"hand_ms": 5}}}
