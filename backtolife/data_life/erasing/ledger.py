"""Who was erased, kept beside the database by ids alone: a backup that is brought back does not bring them back."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlmodel import col, select

from backtolife import audit
from backtolife.config import Settings
from backtolife.data_life.erasing.emptying import empty, is_erased
from backtolife.data_life.erasing.models import Erasure
from backtolife.database.session import reading, session_scope
from backtolife.errors import Invalid
from backtolife.people.access import System
from backtolife.people.models import Person

log = structlog.get_logger(__name__)
NAME = "erasures.jsonl"
CANNOT_READ = "This is no list of erasures. Give the file erasures.jsonl that the scheduler keeps."


def places(settings: Settings) -> list[Path]:
    """Beside the data, and on the other machine where there is one."""
    return [each / NAME for each in (settings.data_dir, settings.audit_heads_dir) if each is not None]


def keep(engine: Engine, settings: Settings) -> int:
    """Write down who was erased and does not stand there yet. Returns how many lines were written."""
    with session_scope(reading(engine)) as db:
        done = select(Erasure.person_id).where(col(Erasure.done_at).is_not(None)).order_by(col(Erasure.done_at))
        erased = list(db.exec(done))
    written = 0
    for file in places(settings) if erased else ():
        try:
            written += append(file, erased)
        except (OSError, Invalid) as error:
            log.error("erasures_not_written", kind=type(error).__name__)
    return written


def append(file: Path, person_ids: Iterable[str]) -> int:
    known = set(read(file)) if file.exists() else set()
    new = [each for each in person_ids if each not in known]
    if new:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as lines:
            lines.writelines(json.dumps({"person": each}) + "\n" for each in new)
            lines.flush()
            os.fsync(lines.fileno())
    return len(new)


def read(file: Path) -> list[str]:
    """The ids in such a file. Raises Invalid for another one."""
    try:
        return [str(json.loads(line)["person"]) for line in file.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise Invalid(CANNOT_READ) from None


def replay(engine: Engine, file: Path, *, now: datetime) -> tuple[int, int]:
    """Erase anew whoever stands in the file and is there again. Returns how many, and how many stood there."""
    ids = read(file)
    return erase_again(engine, ids, now=now), len(ids)


def known(settings: Settings, more: Iterable[Path]) -> list[str] | None:
    """Who was erased as far as it is written down here, on the other machine, and in these files; None where it is
    written down nowhere. Raises Invalid for a file that is none.
    """
    files = [*more, *(each for each in places(settings) if each.exists())]
    return list(dict.fromkeys(each for file in files for each in read(file))) if files else None


def write_down(settings: Settings, ids: Iterable[str]) -> None:
    """Who was erased again stands beside the data again, also where the file of before was put aside."""
    for file in places(settings):
        append(file, ids)


def erase_again(engine: Engine, ids: Iterable[str], *, now: datetime) -> int:
    """Erase anew whoever of these is there again. Returns how many."""
    again = 0
    for person_id in ids:
        with session_scope(engine) as db:
            person = db.get(Person, person_id)
            if person is None or is_erased(person):
                continue
            records = empty(db, person_id=person_id, now=now)
            audit.record(
                db,
                actor=System("command", person.service_id),
                action="erased_again",
                subject_type="person",
                subject_id=person_id,
                now=now,
                records=records,
            )
            again += 1
    return again
