"""Join the room's scripts and sheets into one file each, in static/vendor/room (git-ignored), with esbuild.

A phone on a slow network asks for six files at a time: forty small ones cost it a second and a half. A page takes what
is joined only while it is newer than everything it was made from (`sessions/joined.py`), so nothing here can be stale.
"""

import subprocess
import sys
from pathlib import Path

from backtolife.sessions.joined import ENTRIES, FOLDER, SHEETS, STATIC, joined_path

ROOT = STATIC.parent


def esbuild() -> Path:
    """The program for this machine, out of the locked packages. Exits with a plain word when there is none."""
    found = sorted((ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild*"))
    if not found:
        sys.exit("esbuild is not in node_modules. Run: make static/vendor/.lock")
    return found[0]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    shrink = [str(esbuild()), "--bundle", "--minify", "--legal-comments=none", "--log-level=warning"]
    for entry in ENTRIES:
        command = [*shrink, "--format=esm", str(STATIC / "js" / "room" / entry), f"--outfile={joined_path(entry)}"]
        subprocess.run(command, check=True, cwd=ROOT)
    sheets = "".join(f'@import "./{sheet.relative_to(STATIC)}";\n' for sheet in SHEETS)
    command = [*shrink, "--loader=css", f"--outfile={joined_path('room.css')}"]
    subprocess.run(command, check=True, cwd=STATIC, input=sheets, text=True)


if __name__ == "__main__":
    main()
