"""How every process writes its log."""

import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import structlog

ONE_LINE = threading.Lock()
BY_CALLERS = ("engineio", "socketio")
"""Libraries that log what anybody sends them: words they put together of it, as often as it is sent."""
MOST_A_MINUTE = 20


def configure_logs() -> None:
    """One JSON object a line, without personal data: events carry ids, never names, addresses or answers.

    Of an error it gets the kind and the place, never the message: there people's own words are quoted. That holds for
    what libraries log and for what a thread dies of as well.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_of_error,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=Lines,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, OfLibraries) for handler in root.handlers):
        root.addHandler(OfLibraries(logging.WARNING))
    sys.excepthook = tell_end
    threading.excepthook = tell_end_of_thread


class Lines:
    """Writes each line, or loses it: where the disk is full or nobody reads on, the work goes on without a log."""

    def __init__(self, *names: object) -> None:
        del names

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError), ONE_LINE:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    msg = log = debug = info = warning = warn = error = critical = fatal = exception = failure = write


def place_of_error(logger: object, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put kind and place of an exception in the stead of the exception."""
    del logger, method
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["exception"] = "\n".join(places(error))
    return line


def places(error: BaseException) -> Iterator[str]:
    """The kinds of the error and of what it came from, the first one first, with every place on the way."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from places(before)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}"


class OfLibraries(logging.Handler):
    """What a library logs: its name and its own words without what was put into them, and of an error its place."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lately: deque[float] = deque(maxlen=MOST_A_MINUTE)
        """When callers' lines were written."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it. A line that cannot be made breaks nothing."""
        with suppress(Exception):
            of_callers = record.name.partition(".")[0] in BY_CALLERS
            if of_callers and not self.has_room(time.monotonic()):
                return
            words = {} if of_callers else {"words": str(record.msg)[:200]}
            structlog.get_logger(record.name).log(
                record.levelno, "library", library=record.name, exc_info=record.exc_info, **words
            )

    def has_room(self, now: float) -> bool:
        if len(self.lately) == MOST_A_MINUTE and now - self.lately[0] < 60:
            return False
        self.lately.append(now)
        return True


def tell_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A process dies of an error: say of which kind, and where."""
    del trace
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger(__name__).error("process_died", exc_info=error)


def tell_end_of_thread(given: threading.ExceptHookArgs) -> None:
    """A thread dies of an error."""
    name = given.thread.name if given.thread is not None else ""
    structlog.get_logger(__name__).error("thread_died", thread=name, exc_info=given.exc_value)
