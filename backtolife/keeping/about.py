"""What an archive says of itself: first what it is, last the sum of every part."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from backtolife.audit.heads import Head
from backtolife.keeping.faults import NewerBackup, NoArchive
from backtolife.keeping.rules import Kind

FORMAT = 1
ABOUT, SUMS = "about.json", "SHA256SUMS"
"""The first part and the last one. `sha256sum --check SHA256SUMS` reads the last one too."""
DATABASE, FILES = "database", "files/"
"""Where the database is, and below which name everything of DATA_DIR."""

INSTALL = "Install that version or a newer one, and bring it back with that."


@dataclass(frozen=True)
class About:
    """What was backed up, when, by whom."""

    kind: Kind
    made_at: datetime
    """Everything acknowledged before this moment is in it."""
    program: str
    """The version of the program that made it."""
    revision: str
    """The schema of its database."""
    dialect: str
    """Which database it was: sqlite or postgresql."""
    heads: Sequence[Head]
    """How far the audit log of each service went."""

    def as_bytes(self) -> bytes:
        made_at = self.made_at.isoformat()
        return json.dumps({"format": FORMAT, **asdict(self), "made_at": made_at}, indent=1, sort_keys=True).encode()


def read_about(raw: bytes) -> About:
    """Raises NoArchive when it is none of ours, NewerBackup when only a newer program can read it."""
    try:
        said: dict[str, Any] = json.loads(raw)
        if int(said.pop("format")) > FORMAT:
            raise NewerBackup(
                f"This backup was made by version {said['program']}, which this one cannot read. {INSTALL}"
            )
        heads = [Head(**head) for head in said.pop("heads")]
        return About(**{**said, "made_at": datetime.fromisoformat(said["made_at"])}, heads=heads)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoArchive("This archive is none of ours: what it says of itself cannot be read.") from None


def this_program() -> str:
    return version("backtolife")
