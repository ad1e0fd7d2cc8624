"""Sheets and scripts joined into one file, where somebody joined them: `tools/join_room.py` does.

A phone on a slow network asks for six files at a time, so forty small ones cost it a second and a half. What is joined
counts while it is newer than everything it was made from, so nothing here can be stale.
"""

from pathlib import Path

from backtolife.config import PACKED, ROOT

STATIC = ROOT / "static"
FOLDER = STATIC / "vendor" / "room"
IN_ROOM = ("names", "buttons", "cards", "lists", "details", "fields", "choices", "kept")
SITE = ("header", "links", *IN_ROOM, "path", "forms")
ROOM = (
    *(
        "frame",
        "connection",
        "buttons",
        "tiles",
        "controls",
        "sheets",
        "patient/exercise",
        "patient/relaxation",
        "chat",
    ),
    *("staff/alerts", "staff/board", "staff/script", "staff/wall", "staff/people", "staff/guides"),
    *("now", "checks", "stage", "show", "poll", "gallery", "signs", "staff/breakouts"),
)
STAFF = ("tables", "search", "tasks", "figures", "pages", "videos", "captions", "downloads", "versions")
BUNDLES: dict[str, tuple[str, ...]] = {
    "site": ("tokens", "site/base", *(f"site/{name}" for name in SITE)),
    "staff": tuple(f"staff/{name}" for name in STAFF),
    "room": ("tokens", "site/base", *(f"site/{name}" for name in IN_ROOM), *(f"room/{name}" for name in ROOM)),
}
"""Sheets that are loaded together, in their order. NHS.UK's own is on every page, so a browser has it already."""


def sheets(name: str) -> tuple[str, ...]:
    """The paths below `static` of what a page loads for a bundle, or for one sheet by its name."""
    if name not in BUNDLES:
        return (f"css/{name}.css",)
    if fresh(joined_path(f"{name}.css"), parts(name)):
        return (below_static(joined_path(f"{name}.css")),)
    return tuple(below_static(part) for part in parts(name))


def parts(bundle: str) -> list[Path]:
    return [STATIC / "css" / f"{name}.css" for name in BUNDLES[bundle]]


def joined_path(name: str) -> Path:
    return FOLDER / name


def below_static(path: Path) -> str:
    return str(path.relative_to(STATIC))


def fresh(made: Path, sources: list[Path]) -> bool:
    """Whether `made` is there and no source has changed since. In an installed wheel nothing changes."""
    if not made.exists() or not sources:
        return False
    return PACKED or all(source.exists() and made.stat().st_mtime >= source.stat().st_mtime for source in sources)
