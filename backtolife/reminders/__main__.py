"""`python -m backtolife.reminders`: the only scheduler. Mail that waits, reminders, safety tasks, videos."""

import signal
import sys
import threading

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from backtolife import clock, delivery
from backtolife.config import Settings, from_environment
from backtolife.content.jobs import begin_afresh, package_next
from backtolife.db import open_engine
from backtolife.logs import configure_logs
from backtolife.reminders.services import remind
from backtolife.reminders.wanted import still_wanted
from backtolife.sessions.escalation import escalate_without_pages

log = structlog.get_logger(__name__)
SEND_EVERY_SECONDS = 2
REMIND_EVERY_SECONDS = 60
LOOK_FOR_CALLS_EVERY_SECONDS = 5
LOOK_FOR_VIDEOS_EVERY_SECONDS = 2.0


def main() -> int:
    """Run until told to stop. One job that fails is logged and tried again at its next turn."""
    configure_logs()
    settings = from_environment()
    engine = open_engine(settings.database_url)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1}, timezone="UTC")
    scheduler.add_job(
        lambda: delivery.send_waiting(engine, settings, now=clock.now(), wanted=still_wanted),
        "interval",
        seconds=SEND_EVERY_SECONDS,
    )
    scheduler.add_job(
        lambda: remind(engine, settings, clock.now()),
        "interval",
        seconds=REMIND_EVERY_SECONDS,
        next_run_time=clock.now(),
    )
    scheduler.add_job(
        lambda: escalate_without_pages(engine, settings.public_url, clock.now()),
        "interval",
        seconds=LOOK_FOR_CALLS_EVERY_SECONDS,
    )
    scheduler.start()
    videos = threading.Thread(target=make_videos, args=(engine, settings, stopping), daemon=True)
    videos.start()
    stopping.wait()
    scheduler.shutdown(wait=False)
    return 0


def make_videos(engine: Engine, settings: Settings, stopping: threading.Event) -> None:
    """Package one video after another; look for new ones every two seconds."""
    begin_afresh(engine, settings)
    while not stopping.is_set():
        try:
            worked = package_next(engine, settings, clock.now())
        except Exception as error:
            log.error("packaging_failed", kind=type(error).__name__, exc_info=error)
            worked = False
        if not worked:
            stopping.wait(LOOK_FOR_VIDEOS_EVERY_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
