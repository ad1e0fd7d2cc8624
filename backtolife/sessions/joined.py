"""What a room page loads: its scripts and sheets joined into one file each, or singly where nobody joined them."""

from dataclasses import dataclass
from pathlib import Path

from backtolife.config import ROOT
from backtolife.sessions.modules import modules_of

STATIC = ROOT / "static"
FOLDER = STATIC / "vendor" / "room"
ENTRIES = ("patient.js", "staff.js")
NAMES = ("tokens", "pages", "room", "layouts", "spotter", "room-live", "room-parts", "room-show", "small-groups")
SHEETS = tuple(STATIC / "css" / f"{name}.css" for name in NAMES)
"""Ours. NHS.UK's own sheet is on every page, so a browser has it already."""


@dataclass(frozen=True)
class Loaded:
    """Paths below `static`: the script to start, what it imports, and the sheets in their order."""

    script: str
    modules: tuple[str, ...]
    sheets: tuple[str, ...]


def loaded(entry: str) -> Loaded:
    """What the page with the script `entry` loads. A joined file counts while it is newer than all it was made from."""
    script, modules = f"js/room/{entry}", modules_of(entry)
    sheets: tuple[str, ...] = tuple(str(sheet.relative_to(STATIC)) for sheet in SHEETS)
    if fresh(joined_path(entry), [STATIC / path for path in (script, *modules)]):
        script, modules = below_static(joined_path(entry)), ()
    if fresh(joined_path("room.css"), list(SHEETS)):
        sheets = (below_static(joined_path("room.css")),)
    return Loaded(script, modules, sheets)


def joined_path(name: str) -> Path:
    return FOLDER / name


def below_static(path: Path) -> str:
    return str(path.relative_to(STATIC))


def fresh(made: Path, sources: list[Path]) -> bool:
    """Whether `made` is there and no source has changed since."""
    return made.exists() and made.stat().st_mtime >= max(source.stat().st_mtime for source in sources)
