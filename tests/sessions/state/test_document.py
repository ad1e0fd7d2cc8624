"""The room's document: what each event does to it, and what each seat may see of it."""

from collections.abc import Callable
from typing import Any

import pytest

from backtolife.errors import Conflict, NotFound
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.state import document, safety, script, seats, visibility
from backtolife.sessions.state.document import changed
from backtolife.sessions.state.room_state import Beside, RoomState, StaffPlaceWord, publishing_of
from backtolife.sessions.state.rules import Camera, SeatRole

SECTIONS = shipped().session(1).sections


def seated(
    state: RoomState,
    seat: str,
    role: SeatRole = SeatRole.PATIENT,
    camera: Camera = Camera.EVERYONE,
    beside: Beside | None = None,
) -> RoomState:
    return changed(
        state,
        seats.take_seat,
        seat=seat,
        person=f"person of {seat}",
        name=seat.title(),
        role=role,
        camera=camera,
        news="",
        now_ms=len(state["seats"]),
        beside=beside,
    )


@pytest.fixture
def state() -> RoomState:
    """Priya leads, Tom spots, Linda is in, Joseph waits."""
    places: dict[str, StaffPlaceWord] = {"person of priya": "lead", "person of tom": "spotter"}
    made = seated(document.empty(places), "tom", SeatRole.FACILITATOR)
    made = seated(made, "priya", SeatRole.FACILITATOR)
    made = seated(seated(made, "linda"), "joseph")
    return changed(made, seats.admit, seat="linda", now_ms=10)


def started(state: RoomState) -> RoomState:
    return changed(state, script.start, sections=SECTIONS, now_ms=1_000)


def step(state: RoomState, change: Callable[..., None], **given: Any) -> RoomState:
    return changed(state, change, sections=SECTIONS, seen=state["section"]["index"], now_ms=2_000, **given)


def test_an_event_leaves_the_document_before_it_as_it_was(state: RoomState) -> None:
    started(state)
    assert state["status"] == "open"


def test_the_cohorts_lead_leads_even_when_the_spotter_came_first(state: RoomState) -> None:
    assert state["lead"] == "priya"


def test_the_spotter_leads_while_the_lead_is_away(state: RoomState) -> None:
    assert changed(state, seats.leave, seat="priya")["lead"] == "tom"


def test_starting_enters_the_first_section(state: RoomState) -> None:
    section = started(state)["section"]
    assert (section["index"], section["id"], section["entered_ms"]) == (0, SECTIONS[0].id, 1_000)


def test_a_session_starts_once(state: RoomState) -> None:
    with pytest.raises(Conflict, match="started already"):
        started(started(state))


def test_a_double_press_of_next_moves_one_section(state: RoomState) -> None:
    moved = step(started(state), script.next)
    with pytest.raises(Conflict):
        changed(moved, script.next, sections=SECTIONS, seen=0, now_ms=2_000)
    assert moved["section"]["index"] == 1


def test_a_section_can_be_gone_back_to_and_jumped_to(state: RoomState) -> None:
    there = step(started(state), script.go_to, index=4)
    assert (there["section"]["index"], step(there, script.back)["section"]["index"]) == (4, 3)


def test_nothing_moves_before_the_start(state: RoomState) -> None:
    with pytest.raises(Conflict, match="Start the session first"):
        step(state, script.next)


def test_nothing_happens_after_the_end(state: RoomState) -> None:
    ended = changed(state, script.end, now_ms=5_000)
    with pytest.raises(Conflict, match="over"):
        changed(ended, seats.hand_up, seat="linda", now_ms=6_000)


def test_somebody_is_let_in_once(state: RoomState) -> None:
    with pytest.raises(Conflict, match="not in the waiting room"):
        changed(state, seats.admit, seat="linda", now_ms=20)


def test_a_seat_of_another_room_is_not_found(state: RoomState) -> None:
    with pytest.raises(NotFound):
        changed(state, seats.admit, seat="stranger", now_ms=20)


def test_a_facilitator_is_neither_removed_nor_held(state: RoomState) -> None:
    for change in (seats.remove, seats.hold):
        with pytest.raises(Conflict):
            changed(state, change, seat="tom")


def test_joining_again_while_admitted_does_not_send_anyone_back_to_wait(state: RoomState) -> None:
    assert seated(state, "linda", camera=Camera.OFF)["seats"]["linda"]["status"] == "admitted"


def test_coming_back_after_leaving_means_waiting_again(state: RoomState) -> None:
    assert seated(changed(state, seats.leave, seat="linda"), "linda")["seats"]["linda"]["status"] == "lobby"


def test_a_hand_stays_in_its_place_in_line_when_raised_twice(state: RoomState) -> None:
    once = changed(state, seats.hand_up, seat="linda", now_ms=100)
    assert changed(once, seats.hand_up, seat="linda", now_ms=200)["seats"]["linda"]["hand_ms"] == 100


def test_a_call_for_help_is_taken_by_one_person(state: RoomState) -> None:
    called = changed(state, safety.help, alert="a", seat="linda", now_ms=1)
    taken = changed(called, safety.help_take, alert="a", by="Tom")
    with pytest.raises(Conflict, match="Tom has this already"):
        changed(taken, safety.help_take, alert="a", by="Priya")


def test_somebody_who_waits_sees_nobody(state: RoomState) -> None:
    seen = visibility.view(state, "joseph")
    assert seen.keys() == {"status", "me", "alerts"}


def test_a_patient_sees_who_is_in_and_not_who_waits(state: RoomState) -> None:
    assert visibility.view(state, "linda")["people"].keys() == {"linda", "priya", "tom"}


def test_a_companion_and_their_patient_belong_together_for_each_other_and_for_nobody_else(state: RoomState) -> None:
    inside = changed(state, seats.admit, seat="joseph", now_ms=20)
    inside = seated(inside, "bsl", SeatRole.COMPANION, beside={"person": "person of linda", "name": "Linda"})
    inside = changed(inside, seats.admit, seat="bsl", now_ms=30)
    yours = {
        seat: {other for other, one in visibility.view(inside, seat)["people"].items() if one["yours"]}
        for seat in ("linda", "bsl", "joseph")
    }
    assert yours == {"linda": {"bsl"}, "bsl": {"linda"}, "joseph": set()}


def test_facilitators_see_who_waits(state: RoomState) -> None:
    assert "joseph" in visibility.view(state, "tom")["people"]


def test_a_private_camera_and_no_camera_look_the_same_to_the_group(state: RoomState) -> None:
    inside = changed(state, seats.admit, seat="joseph", now_ms=20)
    private = changed(inside, seats.camera_choice, seat="joseph", choice=Camera.FACILITATORS)
    off = changed(inside, seats.camera_choice, seat="joseph", choice=Camera.OFF)
    assert visibility.view(private, "linda") == visibility.view(off, "linda")
    assert visibility.view(private, "tom") != visibility.view(off, "tom")


def test_patients_see_no_effort_and_no_call_for_help_but_their_own(state: RoomState) -> None:
    inside = changed(state, seats.admit, seat="joseph", now_ms=20)
    busy = changed(inside, seats.exercising, seat="joseph", way="sitting", feels="hard")
    busy = changed(busy, safety.help, alert="a", seat="joseph", now_ms=1)
    assert visibility.view(busy, "linda") == visibility.view(inside, "linda")
    assert visibility.view(busy, "joseph")["alerts"]["a"] == {"at_ms": 1, "reason": "", "told": []}


def test_a_section_without_patients_sound_says_so_to_each_patient(state: RoomState) -> None:
    welcome = started(state)
    assert visibility.view(welcome, "linda")["me"]["may_speak"] is False
    assert visibility.view(welcome, "priya")["me"]["may_speak"] is True


def test_the_engine_is_told_what_a_private_camera_means(state: RoomState) -> None:
    private = changed(state, seats.camera_choice, seat="linda", choice=Camera.FACILITATORS)
    may = publishing_of(private, "linda")
    assert (may.camera_to, may.sources) == ("facilitators", ("camera", "microphone"))


def test_in_a_muted_section_a_patient_may_send_only_the_camera(state: RoomState) -> None:
    assert publishing_of(started(state), "linda").sources == ("camera",)


def test_with_the_camera_off_in_a_muted_section_a_patient_may_send_nothing(state: RoomState) -> None:
    off = changed(started(state), seats.camera_choice, seat="linda", choice=Camera.OFF)
    assert publishing_of(off, "linda").sources == ()


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


def test_patches_bring_a_page_to_the_same_view(state: RoomState) -> None:
    changes = (
        lambda before: changed(before, seats.hand_up, seat="linda", now_ms=5),
        lambda before: changed(before, seats.admit, seat="joseph", now_ms=6),
        lambda before: changed(before, script.start, sections=SECTIONS, now_ms=7),
        lambda before: changed(before, seats.hand_down, seat="linda"),
        lambda before: changed(before, seats.hold, seat="linda"),
        lambda before: changed(before, seats.leave, seat="joseph"),
    )
    page = visibility.view(state, "linda")
    for change in changes:
        after = change(state)
        page = merge(page, visibility.patch_for(state, after, "linda"))
        assert page == visibility.view(after, "linda")
        state = after


def test_a_patch_holds_only_what_changed(state: RoomState) -> None:
    after = changed(state, seats.hand_up, seat="linda", now_ms=5)
    assert visibility.patch_for(state, after, "tom") == {"people": {"linda": {"hand_ms": 5}}}
