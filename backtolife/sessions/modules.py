"""Which scripts a room page needs in the end, so that a browser can ask for all of them at once."""

import re
from functools import cache
from pathlib import Path

from backtolife.config import ROOT

FOLDER = ROOT / "static" / "js" / "room"
IMPORT = re.compile(r'^import\s[^"]*"(\.[^"]+)"|^import\s+"(\.[^"]+)"', re.MULTILINE)


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """The files that `entry` in static/js/room imports, and that those import, as paths below static; not itself."""
    found: list[Path] = []
    waiting = [FOLDER / entry]
    while waiting:
        module = waiting.pop(0)
        for named in IMPORT.finditer(module.read_text(encoding="utf-8")):
            path = (module.parent / (named[1] or named[2])).resolve()
            if path not in found:
                found.append(path)
                waiting.append(path)
    return tuple(str(path.relative_to(ROOT / "static")) for path in found)
