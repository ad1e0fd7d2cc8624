"""What a look found: a line for whoever looks after the machine, and a number for scripts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "not checked", "warn", "wrong"]
EXITS: dict[State, int] = {"ok": 0, "not checked": 0, "warn": 1, "wrong": 2}
"""By the worst line: 0 all is well, 1 somebody should look, 2 something does not work."""


@dataclass(frozen=True)
class Finding:
    """One line."""

    name: str
    state: State
    said: str
    do: str = ""
    """What to do; empty where nothing is to be done."""

    def line(self) -> str:
        return f"{self.state:<12}{self.name:<13}{self.said}" + (f"\n{'':<25}{self.do}" if self.do else "")


def exit_code(findings: Iterable[Finding]) -> int:
    return max((EXITS[each.state] for each in findings), default=0)
