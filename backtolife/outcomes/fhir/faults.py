"""Everything that is wrong with a file, gathered and said at once: nobody mends one fault only to read the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from backtolife.errors import Invalid

T = TypeVar("T")


class ManyFaults(Invalid):
    """Several faults of one file. `messages` holds each; `message` says them all, a line each."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages), "file")
        self.messages = tuple(messages)


class Faults:
    """What was found so far, in order, each thing once. Reading goes on after a fault."""

    def __init__(self) -> None:
        self.found: list[Invalid] = []

    def add(self, fault: Invalid) -> None:
        if fault.message not in [each.message for each in self.found]:
            self.found.append(fault)

    def read(self, what: Callable[[], T], otherwise: T) -> T:
        """What `what` gives, or `otherwise` where it is refused."""
        try:
            return what()
        except Invalid as fault:
            for each in getattr(fault, "messages", [fault.message]):
                self.add(Invalid(each, fault.field))
            return otherwise

    def settle(self) -> None:
        """Raises the only fault as it is, several as ManyFaults; nothing where there is none."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise ManyFaults([each.message for each in self.found])


def messages_of(error: Exception) -> list[str]:
    """What an error says, each fault on its own."""
    return list(getattr(error, "messages", [str(error)]))
