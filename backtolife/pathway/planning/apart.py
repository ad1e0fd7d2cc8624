"""Years played through in a process of its own: that takes seconds of Python, and rooms must not wait for it.

`python -m backtolife.pathway.planning.apart` reads what is assumed as JSON, and writes what the years come to.
"""

import json
import os
import random
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import Any

import structlog

from backtolife.errors import BacktolifeError
from backtolife.pathway.planning.rules import REPLICATIONS, Assumed, Outlook, Range, outlook
from backtolife.pathway.planning.simulation import NO_SIMPY, NoSimulator, years
from backtolife.processes.child_env import child_env

log = structlog.get_logger(__name__)
COMMAND = (sys.executable, "-m", "backtolife.pathway.planning.apart")
GIVES_WAY = 10
"""By how much the process is nicer than the site's own."""
NOT_INSTALLED = 3
LONGEST_SECONDS = 60.0
WAIT_SECONDS = 20.0
SEED = 2026
"""Always the same: two plans differ by what they assume, and not by their luck."""
_one_at_a_time = threading.Lock()


class PlannerBusy(BacktolifeError):
    """The years cannot be played through at this moment: others do, or it failed."""

    status = 503


def looked_ahead(assumed: Assumed) -> Outlook:
    """What REPLICATIONS years come to. One plan is worked out at a time.

    Raises NoSimulator without the extra, PlannerBusy when too many wait, it takes too long or fails.
    """
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise PlannerBusy("Other plans are being worked out just now. Please wait a minute, then try again.")
    try:
        made = subprocess.run(
            COMMAND,
            input=json.dumps(asdict(assumed)).encode(),
            capture_output=True,
            env=child_env(),
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PlannerBusy("This plan took too long to work out. Please try again.") from None
    finally:
        _one_at_a_time.release()
    if made.returncode == NOT_INSTALLED:
        raise NoSimulator(NO_SIMPY)
    if made.returncode:
        log.error("plan_not_made", code=made.returncode)
        raise PlannerBusy("This plan could not be worked out. Please try again.")
    return read(json.loads(made.stdout))


def read(plain: dict[str, Any]) -> Outlook:
    ranges = {name: Range(**plain[name]) for name in ("wait", "completed", "empty")}
    return Outlook(months=tuple(Range(**each) for each in plain["months"]), years=plain["years"], **ranges)


def main() -> int:
    """0 when the answer was written, 3 without the extra."""
    os.nice(GIVES_WAY)
    assumed = Assumed(**json.load(sys.stdin))
    # Chance here decides nothing that anybody could want to guess.
    chance = random.Random(SEED)  # noqa: S311
    try:
        played = years(assumed, replications=REPLICATIONS, chance=chance)
    except NoSimulator:
        return NOT_INSTALLED
    json.dump(asdict(outlook(played)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
