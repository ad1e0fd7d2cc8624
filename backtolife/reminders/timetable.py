"""What is done every so often, by APScheduler: reminders, calls for help, the scheduler's own beat.

APScheduler goes by the clock on the wall. A clock that is set back two hours would stop it for two hours, so the
steady clock is watched beside it, and after a jump everything is due at once.
"""

import time
from collections.abc import Callable, Sequence

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from backtolife import clock
from backtolife.processes.supervised import Supervised

log = structlog.get_logger(__name__)
JUMP_SECONDS = 5.0
"""Less is what a time server corrects; a job may wait that long."""
WATCH_EVERY_SECONDS = 1.0


class Timetable:
    """Takes each job's turn every so many seconds. A job that fails is logged and has its next turn all the same."""

    def __init__(self, jobs: Sequence[Supervised], steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )
        for job in jobs:
            self.scheduler.add_job(
                job.timed_turn, "interval", seconds=job.every_seconds, id=job.name, next_run_time=clock.now()
            )
        self.apart = self.clocks_apart()

    def start(self) -> None:
        self.scheduler.start()

    def stop(self) -> None:
        self.scheduler.shutdown(wait=False)

    def clocks_apart(self) -> float:
        """Seconds between the wall's clock and the steady one; they change only when the wall's is set."""
        return clock.now().timestamp() - self.steady()

    def watch(self) -> None:
        """One look at both clocks: after a jump every job is due now, and then again every so many seconds."""
        apart = self.clocks_apart()
        jumped, self.apart = apart - self.apart, apart
        if abs(jumped) > JUMP_SECONDS:
            log.warning("clock_jumped", seconds=round(jumped))
            for job in self.scheduler.get_jobs():
                job.modify(next_run_time=clock.now())
