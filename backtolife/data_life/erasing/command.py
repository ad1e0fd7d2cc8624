"""`backtolife erase replay`: whoever was erased is erased again, after a backup was brought back."""

import sys
from collections.abc import Sequence
from pathlib import Path

from backtolife import clock
from backtolife.config import from_environment
from backtolife.data_life.erasing.ledger import erase_again, known, replay, write_down
from backtolife.database.session import opened

UNKNOWN = (
    "No list of erased people is here (erasures.jsonl). If somebody was erased since this backup was made, they are "
    "back: find that file in the DATA_DIR or AUDIT_HEADS_DIR of before, and run before anybody signs in: "
    "backtolife erase replay FILE"
)


def replay_file(file: Path) -> int:
    with opened(from_environment().database_url) as engine:
        again, known = replay(engine, file, now=clock.now())
    sys.stdout.write(f"{again} of {known} erased again; the others are erased here, or were never here.\n")
    return 0


class Replaying:
    """What a restore does about people who were erased since the backup: the record of them is read before anything
    changes, and they are erased again before anybody signs in.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self.known = known(from_environment(), files)

    def run(self) -> str:
        """Erase them again. Returns what to say about it."""
        if self.known is None:
            return UNKNOWN
        settings = from_environment()
        with opened(settings.database_url) as engine:
            again = erase_again(engine, self.known, now=clock.now())
        write_down(settings, self.known)
        return f"Of {len(self.known)} people who were ever erased {again} were in it again: they are erased again."
