"""Looking at a password takes memory and a core: few are looked at together, and a flood is told so."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Lock

import pytest

from backtolife.people.signing_in import passwords


def test_only_a_few_passwords_are_looked_at_together_and_a_flood_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, guard = 0, 0, Lock()
    real, met = passwords._hasher.verify, Barrier(passwords.AT_ONCE)

    def counted(kept: str, given: str) -> bool:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        try:
            with suppress(BrokenBarrierError):  # on a busy machine the first would be through before the next comes
                met.wait(timeout=10)
                met.abort()
            return bool(real(kept, given))
        finally:
            with guard:
                inside -= 1

    class Counting:
        verify = staticmethod(counted)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    begin = Barrier(passwords.AT_ONCE + passwords.WAITING + 8)

    def look(_: int) -> str:
        begin.wait()
        try:
            return str(passwords.password_fits("", "not it"))
        except passwords.Busy:
            return "busy"

    with ThreadPoolExecutor(begin.parties) as pool:
        answers = list(pool.map(look, range(begin.parties)))
    assert most == passwords.AT_ONCE
    assert answers.count("busy") <= 8
    assert answers.count("False") >= passwords.AT_ONCE + passwords.WAITING


def test_whoever_saves_an_answer_goes_before_passwords_that_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    stood: list[int] = []

    class Looking:
        @staticmethod
        def verify(kept: str, given: str) -> bool:
            stood.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return kept == given

    monkeypatch.setattr(passwords, "_hasher", Looking())
    assert not passwords.password_fits("kept", "given")
    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert stood[0] >= passwords.YIELDS > 0
    assert here < passwords.YIELDS or stood[0] >= here
