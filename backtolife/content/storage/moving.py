"""Bringing videos to where they belong, one at a time, while pages show them."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife.content.models import PackageState, VideoPackage
from backtolife.content.storage.bucket import OutOfReach
from backtolife.content.storage.storage import PACKAGES, SOURCES, Storage
from backtolife.database.session import reading

log = structlog.get_logger(__name__)


def settle_next(engine: Engine, storage: Storage) -> bool:
    """Hand over the next video that is ready, where videos belong into the bucket. False when nothing waits.

    What goes wrong is logged and tried again at the next look: until then the video stays on the disk and plays.
    """
    if not storage.keeps_in_bucket:
        return False
    try:
        return next(settling(engine, storage), None) is not None
    except (OutOfReach, OSError) as error:
        log.warning("video_not_handed_over", reason=getattr(error, "why", str(error))[:200])
        return False


def settling(engine: Engine, storage: Storage) -> Iterator[str]:
    """Move what is not where it belongs, and name each as it has come there. Raises OutOfReach."""
    if storage.keeps_in_bucket:
        for prefix in finished(engine):
            if storage.hand_over(prefix):
                yield prefix
    elif storage.bucket is not None:
        below = (*storage.bucket.sizes(f"{PACKAGES}/"), *storage.bucket.sizes(f"{SOURCES}/"))
        for prefix in sorted({"/".join(PurePosixPath(name).parts[:2]) + "/" for name in below}):
            storage.take_back(prefix)
            yield prefix


def finished(engine: Engine) -> list[str]:
    """The folders of packages with which nothing is going on, and of the files that they were made from."""
    ready = select(VideoPackage).where(VideoPackage.state == PackageState.READY, col(VideoPackage.claimed_at).is_(None))
    with Session(reading(engine)) as db:
        rows = list(db.exec(ready.order_by(col(VideoPackage.requested_at))))
    packages = [f"{PACKAGES}/{row.id}/" for row in rows]
    return packages + [f"{PurePosixPath(row.source).parent}/" for row in rows if row.source]
