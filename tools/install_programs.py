"""Install the programs that tests need beside Python, from Debian, where they are missing and we may.

    python -m tools.install_programs chromium postgresql …

Where we may not, it says plainly what is missing; the tests that need it then fail with the same words.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


def library(name: str) -> bool:
    """Whether the machine has this shared library."""
    return ctypes.util.find_library(name) is not None


FOUND_BY = {
    "caddy": lambda: shutil.which("caddy") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
    "coturn": lambda: shutil.which("turnserver") is not None,
    "espeak-ng": lambda: shutil.which("espeak-ng") is not None,
    "ffmpeg": lambda: shutil.which("ffmpeg") is not None,
    "firefox-esr": lambda: shutil.which("firefox-esr") is not None,
    "iproute2": lambda: shutil.which("ip") is not None,
    "iptables": lambda: shutil.which("iptables") is not None,
    "janus": lambda: shutil.which("janus") is not None,
    "libharfbuzz-subset0": lambda: library("harfbuzz-subset"),
    "libnss3-tools": lambda: shutil.which("certutil") is not None,
    "libpango-1.0-0": lambda: library("pango-1.0"),
    "libpangoft2-1.0-0": lambda: library("pangoft2-1.0"),
    "poppler-utils": lambda: shutil.which("pdftotext") is not None,
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
    "redis-server": lambda: shutil.which("redis-server") is not None,
}


def main(wanted: list[str]) -> None:
    missing = [name for name in wanted if not FOUND_BY[name]()]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Missing: {', '.join(missing)}. Please install them, for example: apt-get install {' '.join(missing)}")
        return
    print(f"Installing {', '.join(missing)}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            print(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
            return


if __name__ == "__main__":
    main(sys.argv[1:])
