"""Say how far session 1's video is, while the scheduler makes it; done when it can be watched."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.content.models import CAN_PLAY, Video, VideoPackage
from backtolife.database.session import open_engine, reading


@contextmanager
def session_1(settings: Settings) -> Iterator[Callable[[], bool]]:
    """Yield a question, "is it ready?", that writes the progress to the terminal each time it is asked."""
    engine = open_engine(settings.database_url)
    shown = ""

    def ready() -> bool:
        nonlocal shown
        with Session(reading(engine)) as db:
            wanted = select(VideoPackage).join(Video).where(Video.session_number == 1)
            packages = list(db.exec(wanted))
        if any(package.state in CAN_PLAY for package in packages):
            if shown:
                sys.stdout.write("\rSession 1's video is ready.   \n")
            return True
        share = max((package.progress for package in packages), default=0.0)
        words = f"\rMaking session 1's video… {share:.0%} "
        if words != shown:
            sys.stdout.write(words)
            sys.stdout.flush()
            shown = words
        return False

    try:
        yield ready
    finally:
        engine.dispose()
