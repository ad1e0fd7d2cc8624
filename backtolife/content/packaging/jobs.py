"""Making videos playable, one package and one step a call, in the scheduler process.

A step never holds a transaction while ffmpeg runs: it claims a package by a commit, works, and writes how far it is in
short transactions. The first renditions of every video come before the others of any, session 1 first.
"""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, case
from sqlalchemy.exc import OperationalError
from sqlmodel import col, or_, select

from backtolife.config import Settings
from backtolife.content.captions.spoken import words_of
from backtolife.content.demo_videos.video import make_demo_video
from backtolife.content.encoding.ffmpeg import Interrupted, Progress
from backtolife.content.encoding.renditions import AUDIO, DOWNLOAD, FIRST, LADDER, THINNEST
from backtolife.content.models import PackageKind, PackageState, Video, VideoPackage
from backtolife.content.packaging import incoming
from backtolife.content.packaging.package import Package, package, sweep
from backtolife.content.packaging.single_file import write_download
from backtolife.content.storage.bucket import OutOfReach
from backtolife.content.storage.storage import PACKAGES, SOURCES, Storage, storage_of
from backtolife.database.session import Db, one_at_a_time, session_scope
from backtolife.errors import BacktolifeError
from backtolife.programme.plan.loading import shipped

log = structlog.get_logger(__name__)
STALE = timedelta(minutes=10)
"""A claim that nobody renewed for so long belongs to a process that died."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32))
MOST_TRIES = len(WAITS) + 1
TELL_EVERY_S = 1.0
MADE_AT, FIRST_AT = 0.4, 0.6
"""How much of the whole is done when a script's video is made, and when the first renditions are."""
OURS = "Something went wrong on our side while this video was prepared. Try again; if it happens again, tell us."


class Cancelled(Exception):
    """Somebody took the package out of the queue while it was worked on."""


@dataclass(frozen=True)
class Work:
    """A claimed package and what is needed to work on it. `present` tells the time as it goes on from the claim."""

    engine: Engine
    storage: Storage
    package_id: str
    key: str
    language: str
    kind: PackageKind
    source: str
    playable: bool
    finished: bool
    """Whether it was ready once."""
    duration_ms: int
    tries: int
    """Which try at this step it is, from 1."""
    present: Callable[[], datetime]
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def videos(self) -> Path:
        return self.storage.folder

    @property
    def folder(self) -> Path:
        return self.videos / PACKAGES / self.package_id

    @property
    def slides(self) -> bool:
        return self.kind is PackageKind.SCRIPT

    @property
    def source_path(self) -> Path:
        if self.slides:
            return self.videos / SOURCES / self.package_id / "video.mp4"
        return self.videos / self.source


def package_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Do the next step there is: make a video playable, or add its other renditions. False when nothing waits.

    What goes wrong is written beside the package in plain words and logged; it does not stop the next one.
    """
    started = time.monotonic()
    work = claim(engine, storage_of(settings), now, lambda: now + timedelta(seconds=time.monotonic() - started))
    if work is None:
        return False
    try:
        take_step(work)
    except Cancelled:
        for folder in (work.folder, work.source_path.parent):
            shutil.rmtree(folder, ignore_errors=True)
    return True


def take_step(work: Work) -> None:
    try:
        if work.tries > MOST_TRIES:  # whoever tried before died of it, and could tell nobody
            fail(work, OURS)
        elif work.playable:
            add_renditions(work)
        else:
            make_playable(work)
    except (Interrupted, OutOfReach, OSError, OperationalError) as error:
        log.warning(
            "packaging_interrupted", package=work.package_id, kind=type(error).__name__, reason=str(error)[:200]
        )
        try_later(work)
    except Cancelled:
        raise
    except BacktolifeError as error:
        fail(work, error.message)
    except Exception as error:  # one broken video must not stop the others
        log.error("packaging_fault", package=work.package_id, kind=type(error).__name__, exc_info=error)
        fail(work, OURS)


def try_later(work: Work) -> None:
    """What broke on our side is tried again by itself, each time after twice as long; the file is not to blame.

    The claim is dated so that it goes stale at that moment. After the last try a person is told.
    """
    if work.tries >= MOST_TRIES:
        fail(work, OURS)
        return
    values: dict[str, Any] = {"claimed_at": work.present() - STALE + WAITS[work.tries - 1]}
    if not work.playable:
        values |= {"state": PackageState.WAITING, "progress": 0.0}
    write(work, **values)


def begin_afresh(engine: Engine, settings: Settings) -> None:
    """Call when the one scheduler process starts: whatever was claimed before is nobody's now.

    A video made by an older version gets what it has not yet: it plays on meanwhile.
    """
    with session_scope(engine) as db:
        for row in db.exec(select(VideoPackage).where(col(VideoPackage.claimed_at).is_not(None))):
            row.claimed_at = None
        for row in db.exec(select(VideoPackage).where(VideoPackage.state == PackageState.READY)):
            if not {THINNEST.name, DOWNLOAD} <= {each["name"] for each in row.renditions}:
                row.state, row.progress = PackageState.PLAYABLE, FIRST_AT
    sweep(settings.videos_dir / PACKAGES)


def claim(engine: Engine, storage: Storage, now: datetime, present: Callable[[], datetime]) -> Work | None:
    """Take the package that comes first, and commit that, so that nobody else takes it."""
    with session_scope(engine) as db:
        one_at_a_time(db, "packaging")
        found = first_waiting(db, now)
        if found is None:
            return None
        row, video = found
        row.claimed_at, row.tries = now, row.tries + 1
        playable = row.state is PackageState.PLAYABLE
        if not playable:
            row.state, row.progress = PackageState.PACKAGING, 0.0
        return Work(
            engine,
            storage,
            row.id,
            video.key,
            video.language,
            row.kind,
            row.source,
            playable,
            row.finished_at is not None,
            row.duration_ms,
            row.tries,
            present,
        )


def first_waiting(db: Db, now: datetime) -> tuple[VideoPackage, Video] | None:
    open_states = (PackageState.WAITING, PackageState.PACKAGING, PackageState.PLAYABLE)
    step = case((col(VideoPackage.state) == PackageState.PLAYABLE, 2), else_=1)
    wanted = (
        select(VideoPackage, Video)
        .join(Video, col(Video.id) == col(VideoPackage.video_id))
        .where(col(VideoPackage.state).in_(open_states), VideoPackage.trouble == "")
        .where(or_(col(VideoPackage.claimed_at).is_(None), col(VideoPackage.claimed_at) < now - STALE))
        .order_by(step, col(Video.session_number), col(VideoPackage.requested_at), col(VideoPackage.id))
    )
    return db.exec(wanted.limit(1)).first()


def make_playable(work: Work) -> None:
    """The first step: the video itself where a script makes it, then its first renditions with sound and captions."""
    begin = 0.0
    if work.slides:
        begin = MADE_AT
        script = shipped().videos[work.key]
        make_demo_video(script, work.source_path.parent, on_progress=telling(work, 0.0, MADE_AT))
        work.made.update(read_made(work.source_path.parent))
    captions = incoming.captions_beside(work.source_path)
    if captions and not work.slides:
        work.made.update(transcript=words_of(captions))
    done = package(
        work.source_path,
        work.folder,
        renditions=FIRST,
        captions=captions,
        language=work.language,
        slides=work.slides,
        on_progress=telling(work, begin, FIRST_AT),
    )
    write(work, progress=FIRST_AT, state=PackageState.PLAYABLE, playable_at=work.present(), claimed_at=None,
          tries=0, **described(done), **work.made)  # fmt: skip


def add_renditions(work: Work) -> None:
    """The second step: every other rendition that fits, and one file to keep. A script's video is not needed after it.

    A video from before a rung was added to the ladder may have no source any more: then it is its own.
    """
    if work.finished:
        work.storage.bring(f"{PACKAGES}/{work.package_id}/")
        if work.source:
            work.storage.bring(work.source)
    source = work.source_path
    if work.finished and not source.is_file():
        source = write_download(work.folder, work.duration_ms)
    done = package(
        source,
        work.folder,
        language=work.language,
        slides=work.slides,
        on_progress=telling(work, FIRST_AT, 1.0),
    )
    write_download(work.folder, done.duration_ms)
    values = described(done) | {"state": PackageState.READY, "progress": 1.0, "finished_at": work.present()}
    write(work, claimed_at=None, tries=0, **values)
    if work.slides:
        shutil.rmtree(work.source_path.parent, ignore_errors=True)


def read_made(folder: Path) -> dict[str, Any]:
    chapters = json.loads((folder / "chapters.json").read_text(encoding="utf-8"))
    return {"chapters": chapters, "transcript": (folder / "transcript.md").read_text(encoding="utf-8")}


def described(done: Package) -> dict[str, Any]:
    """How long it is, and what each rendition weighs, so that a page can say how much data it takes."""
    names = [*(each.name for each in LADDER if each.name in done.renditions), AUDIO]
    folders = [(name, done.folder / name) for name in names if (done.folder / name).is_dir()]
    weights = [{"name": name, "bytes": sum(file.stat().st_size for file in path.iterdir())} for name, path in folders]
    if (done.folder / DOWNLOAD).is_file():
        weights.append({"name": DOWNLOAD, "bytes": (done.folder / DOWNLOAD).stat().st_size})
    return {"duration_ms": done.duration_ms, "renditions": weights}


def telling(work: Work, begin: float, end: float) -> Progress:
    """Write progress into the row, as a part of the whole, at most once a second; this renews the claim too."""
    last = time.monotonic()

    def tell(done: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY_S:
            last = time.monotonic()
            write(work, progress=begin + (end - begin) * done, claimed_at=work.present())

    return tell


def write(work: Work, **values: Any) -> None:
    """One short transaction."""
    with session_scope(work.engine) as db:
        row = db.get(VideoPackage, work.package_id)
        if row is None:
            raise Cancelled
        for name, value in values.items():
            setattr(row, name, value)


def fail(work: Work, words: str) -> None:
    """Say what went wrong. A video that can be watched already goes on being watched."""
    log.warning("packaging_failed", package=work.package_id, playable=work.playable)
    values: dict[str, Any] = {"trouble": words[:400], "claimed_at": None, "tries": 0}
    if not work.playable:
        values["state"] = PackageState.FAILED
    write(work, **values)
