"""What a room page loads: its scripts and sheets joined into one file each, or as they are written where nobody did."""

import json
from dataclasses import dataclass
from pathlib import Path

from backtolife import joined

ENTRIES = ("patient.js", "staff.js")


@dataclass(frozen=True)
class Loaded:
    """Paths below `static`: the script to start, and the sheets in their order."""

    script: str
    sheets: tuple[str, ...]


def loaded(entry: str) -> Loaded:
    """What the page with the script `entry` loads. A joined file counts while it is newer than all it was made from."""
    script = f"js/room/{entry}"
    if joined.fresh(joined.joined_path(entry), made_from(entry)):
        script = joined.below_static(joined.joined_path(entry))
    return Loaded(script, joined.sheets("room"))


def parts_path(entry: str) -> Path:
    """Where esbuild says which files it joined for `entry` (its metafile)."""
    return joined.FOLDER / f"{entry}.json"


def made_from(entry: str) -> list[Path]:
    """The scripts that were joined into one for `entry`; none where nothing was joined."""
    if not parts_path(entry).exists():
        return []
    return [joined.STATIC / path for path in json.loads(parts_path(entry).read_text(encoding="utf-8"))["inputs"]]
