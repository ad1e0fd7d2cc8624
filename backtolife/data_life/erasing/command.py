"""`backtolife erase replay`: whoever was erased is erased again, after a backup was brought back."""

import sys
from pathlib import Path

from backtolife import clock
from backtolife.config import from_environment
from backtolife.data_life.erasing.ledger import replay
from backtolife.database.session import opened


def replay_file(file: Path) -> int:
    with opened(from_environment().database_url) as engine:
        again, known = replay(engine, file, now=clock.now())
    sys.stdout.write(f"{again} of {known} erased again; the others are erased here, or were never here.\n")
    return 0
