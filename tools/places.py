"""Folders and files that hold more than a person takes in at a glance, and links of our pages that lead to no file.

`python -m tools.places` names them and exits 1. What git ignores is not ours and does not count.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from backtolife.config import ROOT

MOST = 15
"""Files of one folder, without `__init__.py`, which is empty, and without the folders in it."""
LISTED_BY_NATURE = {Path("migrations/versions"), Path("docs/pictures")}
"""One file for each step, one for each page: they are looked up by number or name, and grow."""
LONGEST = 300
"""Lines of one file that somebody reads and changes."""
READ = frozenset({".py", ".js", ".css", ".jinja", ".c", ".sh"})
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)[^)]*\)")


def ours() -> list[Path]:
    """The files that are, or would be, in the repository, from its root."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()})


def too_full(files: Iterable[Path]) -> list[str]:
    held = Counter(path.parent for path in files if path.name != "__init__.py")
    return [
        f"{folder}: {many} files, of {MOST} at the most. Give what belongs together a folder of its own"
        for folder, many in sorted(held.items())
        if many > MOST and folder not in LISTED_BY_NATURE
    ]


def too_long(path: Path, text: str) -> list[str]:
    lines = text.count("\n")
    if path.suffix not in READ or lines <= LONGEST:
        return []
    return [f"{path}: {lines} lines, of {LONGEST} at the most. Give what can stand alone a file of its own"]


def dead_links(page: Path, text: str) -> list[str]:
    targets = dict.fromkeys(LINK.findall(text))
    return [f"{page}: no file is at {target}" for target in targets if not (ROOT / page.parent / target).exists()]


def main() -> int:
    files = ours()
    found = too_full(files)
    for path in files:
        if path.suffix == ".md":
            found += dead_links(path, (ROOT / path).read_text(encoding="utf-8"))
        elif path.suffix in READ:
            found += too_long(path, (ROOT / path).read_text(encoding="utf-8"))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
