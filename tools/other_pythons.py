"""Run the fast tests on every newer Python that this machine has; say plainly when it has none."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from backtolife.config import ROOT

NEWER = ("3.12", "3.13", "3.14")
FAST = ["-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", "-m", "not browser and not media", "tests"]


def find(version: str) -> Path | None:
    """The interpreter of this version, where pyenv keeps it or on PATH: its own stand-in there may refuse."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    if kept:
        return kept[-1]
    on_path = shutil.which(f"python{version}")
    return Path(on_path) if on_path else None


def run_on(python: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "venv"
        uv = [sys.executable, "-m", "uv"]
        own = str(home / "bin" / "python")
        for command in (
            [*uv, "venv", "--quiet", "--python", str(python), str(home)],
            [*uv, "pip", "install", "--quiet", "--python", own, "-r", "requirements/dev.txt"],
            [*uv, "pip", "install", "--quiet", "--python", own, "--no-deps", "-e", "."],
            [own, *FAST],
        ):
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                return False
    return True


def main() -> None:
    found = {version: python for version in NEWER if (python := find(version))}
    if not found:
        print("No Python newer than 3.11 is on this machine; nothing was tried.")
    failed = [version for version, python in found.items() if not run_on(python)]
    for version in found:
        print(f"Python {version}: {'failed' if version in failed else 'passed'}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
