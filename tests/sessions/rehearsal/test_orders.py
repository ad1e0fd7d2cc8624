"""What the process of simulated people is told, and what it makes of nonsense."""

import subprocess
import sys

import pytest

from backtolife.errors import Invalid
from backtolife.sessions.rehearsal.orders import Orders, Part, Practice, Press, read_orders, read_press, written
from backtolife.sessions.rehearsal.page import merged

ORDERS = Orders("http://127.0.0.1:9", "s" * 32, "f" * 32, 60.0, (Part("p", "Robin", 0, True, {"c": "1"}, {"a": "b"}),))
COMMAND = [sys.executable, "-m", "backtolife.sessions.rehearsal"]


def test_orders_and_presses_survive_the_pipe() -> None:
    assert read_orders(written(ORDERS)) == ORDERS
    press = Press(Practice.DROP_OUT, "p")
    assert read_press(written(press)) == press


@pytest.mark.parametrize(
    "line", ["", "null", "[]", "{}", "{", '{"parts": 1}', '{"parts": [{}]}', '{"parts": [], "x": 1}']
)
def test_nonsense_is_no_order(line: str) -> None:
    with pytest.raises(Invalid):
        read_orders(line)


@pytest.mark.parametrize("line", ["", "{}", '{"practice": "dance", "person_id": "p"}', '{"practice": "alert"}'])
def test_nonsense_is_no_press(line: str) -> None:
    with pytest.raises(Invalid):
        read_press(line)


def test_a_process_without_orders_says_so_and_ends() -> None:
    ended = subprocess.run(COMMAND, input=b"", capture_output=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert b"rehearsal_without_orders" in ended.stdout + ended.stderr


def test_a_process_ends_when_whoever_started_it_is_gone() -> None:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.write(written(ORDERS).encode())
    process.stdin.close()
    assert process.wait(60) == 0


def test_a_patch_takes_away_adds_and_goes_deep() -> None:
    before = {"me": {"status": "lobby", "hand_ms": 5}, "lead": "a"}
    patch = {"me": {"status": "admitted", "hand_ms": None}, "people": {"a": {"name": "Alma"}}}
    after = {"me": {"status": "admitted"}, "lead": "a", "people": {"a": {"name": "Alma"}}}
    assert merged(before, patch) == after
