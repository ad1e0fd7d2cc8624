"""`/readyz`: can this process do its work? It tries, instead of believing.

`/healthz` says that the process is alive, and so must not be restarted. `/readyz` says whether people should be sent
here. `/readyz?all=yes` also fails when the scheduler is silent: that is for an alarm, not for a proxy.
"""

import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import impatient, reading
from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import engine, settings
from backtolife.processes import beats
from backtolife.processes.supervised import Supervised

log = structlog.get_logger(__name__)
pages = Blueprint("readiness", __name__)
KEPT_SECONDS = 2.0
"""An answer serves everybody who asks within this time: whoever asks a thousand times causes one write."""
PATIENCE_SECONDS = 2.0
SCHEDULER_SILENT_SECONDS = 60
TRIED_BYTES = 64 * 1024


@dataclass
class Readiness:
    """What was found at the last look."""

    found: dict[str, Any] = field(default_factory=dict)
    looked_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


def add_to(app: Flask) -> None:
    """Give the application a place for what was found last."""
    app.extensions["backtolife.web.readiness"] = Readiness()
    app.extensions.setdefault("backtolife.threads", ())


@pages.get("/readyz")
@permission(PUBLIC)
def readyz() -> Response:
    """200 when this process can do its work, else 503; each part by name."""
    last: Readiness = current_app.extensions["backtolife.web.readiness"]
    with last.lock:
        if time.monotonic() - last.looked_at > KEPT_SECONDS:
            last.found, last.looked_at = look(engine()), time.monotonic()
    asked = dict(last.found) if "all" in request.args else {**last.found, "scheduler": "ok"}
    answer = jsonify(last.found)
    answer.status_code = 200 if all(each == "ok" for each in flat(asked)) else 503
    return answer


def flat(found: dict[str, Any]) -> list[str]:
    return [word for part in found.values() for word in (part.values() if isinstance(part, dict) else [part])]


def look(engine: Engine) -> dict[str, Any]:
    """Try each part."""
    threads: tuple[Supervised, ...] = current_app.extensions["backtolife.threads"]
    found = {
        "database": database(engine),
        "disk": disk(),
        "threads": {each.name: "ok" if each.well() else "silent" for each in threads},
        "scheduler": scheduler(engine),
    }
    if any(word != "ok" for word in flat(found)):
        log.warning("not_ready", **found)
    return found


def database(engine: Engine) -> str:
    """Write a row and commit it, without much patience."""
    try:
        with impatient(engine, PATIENCE_SECONDS) as db:
            beats.leave(db, name=beats.WEB, now=clock.now())
    except SQLAlchemyError:
        return "cannot write"
    return "ok"


def disk() -> str:
    """Write a file where uploads go. A database may write into room that it keeps, on a disk that is full."""
    try:
        settings().data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings().data_dir) as tried:
            tried.write(b"\0" * TRIED_BYTES)
            tried.flush()
            os.fsync(tried.fileno())
    except OSError:
        return "cannot write"
    return "ok"


def scheduler(engine: Engine) -> str:
    """Whether the scheduler was well lately, as far as the database says."""
    try:
        with Session(reading(engine)) as db:
            last = db.get(beats.Beat, beats.SCHEDULER)
    except SQLAlchemyError:
        return "not known"
    if last is None:
        return "never seen"
    return "ok" if (clock.now() - last.at).total_seconds() < SCHEDULER_SILENT_SECONDS else "silent"
