"""The scheduler makes one track after another, when no video waits."""

from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.content.relaxation.track import can_speak, make_track, track_path
from backtolife.database.session import reading
from backtolife.errors import BacktolifeError
from backtolife.people.models import Service
from backtolife.programme.adopted.services import in_use
from backtolife.programme.plan.material import RelaxationScript

log = structlog.get_logger(__name__)


def make_next(engine: Engine, videos: Path) -> bool:
    """Make the next track that is missing, of any programme that a service here uses. False when nothing was made.

    What goes wrong is logged and tried again at the next look; until then the words can be read.
    """
    if not can_speak():
        return False
    for script in scripts_in_use(engine):
        path = track_path(videos, script)
        if path.is_file():
            continue
        try:
            make_track(script, path)
        except (BacktolifeError, OSError) as error:
            log.warning("relaxation_not_made", script=script.id, why=str(error))
            return False
        log.info("relaxation_made", script=script.id)
        return True
    return False


def scripts_in_use(engine: Engine) -> list[RelaxationScript]:
    with Session(reading(engine)) as db:
        plans = [plan for service in db.exec(select(Service.id)) for plan in in_use(db, service)]
    return [script for plan in plans for script in plan.relaxation.values()]
