"""Join the room's scripts, and sheets that are loaded together, into one file each, with esbuild.

They go to static/vendor/room (git-ignored). A page takes what is joined only while it is newer than everything it was
made from (`backtolife/joined.py`), so nothing here can be stale.
"""

import subprocess
import sys
from pathlib import Path

from backtolife.joined import BUNDLES, FOLDER, STATIC, joined_path, parts
from backtolife.sessions.joining.assets import ENTRIES, parts_path

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
        command = [*shrink, "--format=esm", f"--metafile={parts_path(entry)}", f"--outfile={joined_path(entry)}"]
        subprocess.run([*command, f"js/room/{entry}"], check=True, cwd=STATIC)
    for bundle in BUNDLES:
        sheets = "".join(f'@import "./{sheet.relative_to(STATIC)}";\n' for sheet in parts(bundle))
        command = [*shrink, "--loader=css", f"--outfile={joined_path(f'{bundle}.css')}"]
        subprocess.run(command, check=True, cwd=STATIC, input=sheets, text=True)


if __name__ == "__main__":
    main()
