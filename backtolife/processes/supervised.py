"""A thread that lives as long as its process: whatever goes wrong in one turn is logged, and the next turn comes.

Each turn leaves a beat. `/readyz` tells whoever watches the machine when a thread beats no more.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import OperationalError

log = structlog.get_logger(__name__)
LATE_TURNS = 5
LONGEST_REASON = 200
SHORTEST_PATIENCE_SECONDS = 60.0
"""A turn may wait for a locked database this long before its thread counts as stuck."""


@dataclass
class Supervised:
    """Calls `turn` every `every_seconds` until told to stop. A turn that returns True is followed by the next at once.

    Times are monotonic seconds: a clock that is set back stops nothing.
    """

    name: str
    every_seconds: float
    turn: Callable[[], object]
    patience_seconds: float = SHORTEST_PATIENCE_SECONDS
    """How long one turn may take before the thread counts as stuck."""
    beat_at: float = field(default_factory=time.monotonic)
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    timed: bool = False
    """Whether a scheduler calls `timed_turn`, and `start` is never called."""

    def start(self) -> "Supervised":
        """Begin; the thread ends with the process."""
        self.beat()
        self.thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        self.thread.start()
        return self

    def run(self) -> None:
        while not self.stopping.is_set():
            more = self.take_turn()
            self.beat()
            if more is not True:
                self.stopping.wait(self.every_seconds)

    def timed_turn(self) -> None:
        """One turn for a scheduler that keeps the time instead of a thread of its own."""
        self.take_turn()
        self.beat()

    def take_turn(self) -> object:
        """One turn. Whatever goes wrong is logged with its reason, and tried again at the next one."""
        try:
            return self.turn()
        except OperationalError as error:  # a lock, a server that is away: its reason holds nothing that people wrote
            log.warning("turn_without_database", thread=self.name, reason=str(error.orig)[:LONGEST_REASON])
            return None
        except Exception as error:
            log.error("turn_failed", thread=self.name, kind=type(error).__name__, exc_info=error)
            return None

    def beat(self) -> None:
        """Say that it goes on."""
        self.beat_at = time.monotonic()

    def silent_seconds(self) -> float:
        return time.monotonic() - self.beat_at

    def well(self) -> bool:
        """Whether it is alive and was heard of lately; without a thread of its own somebody else keeps its time."""
        alive = self.timed or (self.thread is not None and self.thread.is_alive())
        return alive and self.silent_seconds() < max(self.patience_seconds, LATE_TURNS * self.every_seconds)
