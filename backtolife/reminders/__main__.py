"""`python -m backtolife.reminders`: the only scheduler. Mail that waits, reminders, safety tasks, videos."""

import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Engine

from backtolife import clock
from backtolife.config import Settings, from_environment
from backtolife.content.arriving import store as arriving
from backtolife.content.packaging.jobs import begin_afresh, package_next
from backtolife.content.relaxation.making import make_next
from backtolife.content.storage.moving import settle_next
from backtolife.content.storage.storage import storage_of
from backtolife.data_life.erasing import ledger
from backtolife.data_life.looked.telling import telling
from backtolife.data_life.retention.proposing import looking
from backtolife.database import leftovers
from backtolife.database.keys import begin_with_keys
from backtolife.database.sealing import ours
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import BacktolifeError
from backtolife.keeping import settings as backup_settings
from backtolife.keeping.schedule import backing_up
from backtolife.keeping.settings import BackupSettings
from backtolife.mail.sending import ORDINARY, URGENT, Sender
from backtolife.mail.text_sending import TextSender
from backtolife.people.organisation.here import provider_of
from backtolife.people.organisation.provider import Provider
from backtolife.people.organisation.staying import ask_again
from backtolife.processes import beats
from backtolife.processes.logs import configure_logs
from backtolife.processes.supervised import Supervised
from backtolife.processes.supervisor_told import told
from backtolife.processes.turn import turn
from backtolife.reminders.nightly_audit import check_logs
from backtolife.reminders.services import remind
from backtolife.reminders.status import Status, open_door
from backtolife.reminders.timetable import WATCH_EVERY_SECONDS, Timetable
from backtolife.reminders.wanted import unwanted
from backtolife.sessions.safety.escalation import escalate_without_pages
from backtolife.variables import port

log = structlog.get_logger(__name__)
SEND_EVERY_SECONDS = 2.0
REMIND_EVERY_SECONDS = 60.0
LOOK_FOR_CALLS_EVERY_SECONDS = 5.0
LOOK_FOR_VIDEOS_EVERY_SECONDS = 2.0
BEAT_EVERY_SECONDS = 10.0
TURNS_TOLD = 6
LOOK_AT_LOGS_EVERY_SECONDS = 300.0
LOOK_AT_AGES_EVERY_SECONDS = 600.0
LONGEST_LOG_SECONDS = 3 * 3600.0
ASK_ORGANISATION_EVERY_SECONDS = 60.0
LOOK_FOR_BACKUPS_EVERY_SECONDS = 15.0
LONGEST_FILM_SECONDS = LONGEST_BACKUP_SECONDS = 6 * 3600.0
TIMED = ("reminders", "calls", "erasures")
ENDS_ITS_MESSAGE = ("mail", "urgent-mail", "texts", "urgent-texts")
ENDS_WITHIN_SECONDS = 8.0


def main() -> int:
    """Run until told to stop. Whatever fails is logged and tried again at its next turn, and stops nothing else."""
    configure_logs()
    told.take()
    try:
        settings, backups = from_environment(), backup_settings.read()
        provider = provider_of(settings.public_url)
        engine = begun(settings.database_url)
        status = Status(engine)
        if at := port(os.environ, "SCHEDULER_PORT", 0):
            open_door(status, os.environ.get("HOST") or "127.0.0.1", at)
    except BacktolifeError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    told.serves()
    with turn(engine, settings.data_dir, stopping) as mine:
        if mine:
            work(status, settings, backups, stopping, provider)
    return 0


def begun(url: str) -> Engine:
    """The database to work on. Raises Invalid or Conflict, with nothing left open, where it is not ours to work on."""
    engine = open_engine(url)
    try:
        begin_with_keys(engine, now=clock.now())
    except BacktolifeError:
        engine.dispose()
        raise
    return engine


def work(
    status: Status,
    settings: Settings,
    backups: BackupSettings,
    stopping: threading.Event,
    provider: Provider | None = None,
) -> None:
    """Everything that is done by the one scheduler, until told to stop."""
    engine = status.engine
    every = jobs(engine, settings, backups, stopping)
    if provider is not None:
        every.append(asking_organisation(engine, provider, stopping))
    beat = Supervised("beat", BEAT_EVERY_SECONDS, beating(engine, every), stopping=stopping, timed=True)
    threads = [each.start() for each in every if not each.timed]
    timetable = Timetable([*(each for each in every if each.timed), beat])
    timetable.start()
    status.threads = (*every, beat)
    Supervised("clock", WATCH_EVERY_SECONDS, timetable.watch, stopping=stopping).start()
    jobs_of = [each.name for each in (*every, beat)]
    mail_by = settings.smtp_host or "mailbox folder"
    log.info("scheduler_started", environment=settings.environment, mail_by=mail_by, jobs=jobs_of)
    stopping.wait()
    told.stops()
    timetable.stop()
    for each in threads:
        if each.name in ENDS_ITS_MESSAGE and each.thread is not None:
            each.thread.join(ENDS_WITHIN_SECONDS)
    log.info("scheduler_stopped")


def jobs(engine: Engine, settings: Settings, backups: BackupSettings, stopping: threading.Event) -> list[Supervised]:
    """What the scheduler does. Mail, texts, videos, backups and the audit log have threads of their own, so that a slow
    video keeps no mail and slow mail no call for help; the rest is timed.
    """
    gone = partial(unwanted, production=settings.production)
    lanes = {
        "urgent-mail": Sender(engine, settings, URGENT, gone, stopping),
        "mail": Sender(engine, settings, ORDINARY, gone, stopping),
        "urgent-texts": TextSender(engine, settings, URGENT, gone, stopping),
        "texts": TextSender(engine, settings, ORDINARY, gone, stopping),
    }
    site = settings.public_url
    turns: tuple[tuple[str, float, Callable[[], object]], ...] = (
        *((name, SEND_EVERY_SECONDS, partial(send_due, lane)) for name, lane in lanes.items()),
        ("reminders", REMIND_EVERY_SECONDS, lambda: remind(engine, settings, clock.now())),
        ("erasures", REMIND_EVERY_SECONDS, lambda: ledger.keep(engine, settings)),
        ("calls", LOOK_FOR_CALLS_EVERY_SECONDS, lambda: escalate_without_pages(engine, site, clock.now())),
    )
    ages, left = looking(engine, clock.now), leftovers.clearing(engine, clock.now)
    videos, backup = Videos(engine, settings).turn, backing_up(engine, settings, backups, clock.now)
    kept = [Supervised("backup", LOOK_FOR_BACKUPS_EVERY_SECONDS, backup, LONGEST_BACKUP_SECONDS, stopping=stopping)]

    def logs() -> None:
        check_logs(engine, settings, clock.now())

    return [
        *(Supervised(name, every, turn, stopping=stopping, timed=name in TIMED) for name, every, turn in turns),
        Supervised("audit", LOOK_AT_LOGS_EVERY_SECONDS, logs, LONGEST_LOG_SECONDS, stopping=stopping),
        Supervised("retention", LOOK_AT_AGES_EVERY_SECONDS, ages, LONGEST_LOG_SECONDS, stopping=stopping),
        Supervised("looks", LOOK_AT_AGES_EVERY_SECONDS, telling(engine, site, clock.now), stopping=stopping),
        Supervised("leftovers", LOOK_AT_AGES_EVERY_SECONDS, left, LONGEST_LOG_SECONDS, stopping=stopping),
        Supervised("videos", LOOK_FOR_VIDEOS_EVERY_SECONDS, videos, LONGEST_FILM_SECONDS, stopping=stopping),
        *(kept if backups.every_minutes else ()),
    ]


def asking_organisation(engine: Engine, provider: Provider, stopping: threading.Event) -> Supervised:
    """Whether those who signed in at their organisation are still welcome there."""

    def turn() -> None:
        ask_again(engine, provider, ours(), clock.now())

    return Supervised("organisation", ASK_ORGANISATION_EVERY_SECONDS, turn, stopping=stopping)


def send_due(lane: Sender) -> bool:
    return lane.turn(clock.now())


SETTLE_EVERY = timedelta(seconds=30)
SWEEP_EVERY = timedelta(hours=1)
"""How often files that stopped arriving are looked for."""
RELAX_EVERY = timedelta(minutes=5)
"""How often relaxations without a voice are looked for: a service may have written new ones."""


class Videos:
    """Packages one video after another, then speaks relaxations. Tidies up first what an earlier scheduler left, once
    the database answers.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings, self.begun = engine, settings, False
        self.swept = clock.now() - 2 * SWEEP_EVERY
        self.storage = storage_of(settings)
        self.refused = clock.now() - 2 * SETTLE_EVERY
        self.looked = clock.now() - 2 * RELAX_EVERY

    def turn(self) -> bool:
        """One step; True when there may be more."""
        if not self.begun:
            begin_afresh(self.engine, self.settings)
            self.begun = True
        if clock.now() - self.swept > SWEEP_EVERY:
            self.swept = clock.now()
            arriving.sweep(self.settings.videos_dir, self.swept)
        return package_next(self.engine, self.settings, clock.now()) or self.speak() or self.settle()

    def settle(self) -> bool:
        """Bring one video that is ready to where videos belong; a store that does not answer is asked again later."""
        if clock.now() - self.refused <= SETTLE_EVERY:
            return False
        settled = settle_next(self.engine, self.storage)
        if not settled:
            self.refused = clock.now()
        return settled

    def speak(self) -> bool:
        """Make one relaxation that is missing, and look again at once where there was one."""
        if clock.now() - self.looked <= RELAX_EVERY:
            return False
        made = make_next(self.engine, self.settings.videos_dir)
        if not made:
            self.looked = clock.now()
        return made


def beating(engine: Engine, threads: list[Supervised]) -> Callable[[], None]:
    """A turn that says in the database that the scheduler is well, as long as each of its threads is."""

    turns = itertools.count()

    def turn() -> None:
        silent = [each.name for each in threads if not each.well()]
        if silent:
            log.error("threads_silent", threads=silent)
            return
        told.lives()
        with session_scope(engine) as db:
            beats.leave(db, name=beats.SCHEDULER, now=clock.now())
        if next(turns) % TURNS_TOLD == 0:
            log.info("scheduler_beat")

    return turn


if __name__ == "__main__":
    sys.exit(main())
