"""What is misspelt in a change of the room is found by mypy, before anybody presses a button."""

import re
import subprocess
import sys
from pathlib import Path

FAULTS = """
from backtolife.sessions.state import seats
from backtolife.sessions.state.document import changed
from backtolife.sessions.state.room_state import RoomState

def right(state: RoomState) -> RoomState:
    return changed(state, seats.admit, seat="s", now_ms=1)

def faults(state: RoomState) -> None:
    changed(state, seats.admitt, seat="s", now_ms=1)  # attr-defined
    changed(state, "admit", seat="s", now_ms=1)  # arg-type
    changed(state, seats.admit, saet="s", now_ms=1)  # call-arg
    changed(state, seats.admit, seat="s")  # call-arg
    changed(state, seats.admit, seat="s", now_ms="1")  # arg-type
    state["section"]["indx"] = 1  # typeddict-unknown-key
    state["seats"]["s"]["hand_ms"] = "up"  # typeddict-item
    if state["status"] == "runing":  # comparison-overlap
        pass
"""


def test_a_misspelt_change_key_word_or_argument_is_found(tmp_path: Path) -> None:
    # A process of its own: within ours, mypy would give all that the tests keep back to the collector of memory.
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path), "-c", FAULTS]
    ran = subprocess.run(mypy, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    wanted = [
        (number, line.partition("#")[2].strip())
        for number, line in enumerate(FAULTS.splitlines(), start=1)
        if "#" in line
    ]
    found = [
        (int(line), kind) for line, kind in re.findall(r"^<string>:(\d+): error: .*\[([\w-]+)\]$", ran.stdout, re.M)
    ]
    assert found == wanted, ran.stdout
