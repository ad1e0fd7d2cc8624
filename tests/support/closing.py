"""Closing browsers that may hang at it.

Now and then Chromium never answers when it is to let go of a page with a camera, and playwright waits without an end.
"""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error

from tests.support.running import children_of

CLOSES_WITHIN = 60.0


@contextmanager
def closing() -> Iterator[None]:
    """Pages and browsers are closed within the block; a Chromium of ours that hangs at it is killed."""
    patience = threading.Timer(CLOSES_WITHIN, kill_browsers)
    patience.start()
    try:
        yield
    except Error:
        if patience.is_alive():
            raise
    finally:
        patience.cancel()


def close_all(contexts: Iterable[BrowserContext]) -> None:
    with closing():
        for context in contexts:
            context.close()


def kill_browsers() -> None:
    for pid in browsers():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def browsers() -> list[int]:
    """The Chromiums that playwright started for this process."""
    grandchildren = [pid for driver in children_of(os.getpid()) for pid in children_of(driver)]
    return [pid for pid in grandchildren if b"chromium" in Path(f"/proc/{pid}/cmdline").read_bytes()]
