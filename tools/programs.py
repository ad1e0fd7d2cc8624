"""The programs that tests need beside Python, from Debian: say what is missing, or install it.

python -m tools.programs test            one sentence and exit 1 when something is missing
python -m tools.programs --install test  installs it, where we may
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
    "buildah": lambda: shutil.which("buildah") is not None,
    "caddy": lambda: shutil.which("caddy") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
    "coturn": lambda: shutil.which("turnserver") is not None,
    "curl": lambda: shutil.which("curl") is not None,
    "docker-compose": lambda: shutil.which("docker-compose") is not None,
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
    "mmdebstrap": lambda: shutil.which("mmdebstrap") is not None,
    "poppler-utils": lambda: shutil.which("pdftotext") is not None,
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
    "prometheus": lambda: shutil.which("promtool") is not None,
    "python3-venv": lambda: any(Path("/usr/lib").glob("python3*/ensurepip")),
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "sqlmap": lambda: shutil.which("sqlmap") is not None,
    "systemd": lambda: shutil.which("systemd-analyze") is not None,
}


NEEDED = {
    "check": ("postgresql",),
    "test": (
        *("caddy", "chromium", "coturn", "curl", "docker-compose", "espeak-ng", "ffmpeg", "iproute2", "iptables"),
        *("libharfbuzz-subset0", "libnss3-tools", "libpango-1.0-0", "libpangoft2-1.0-0", "poppler-utils", "postgresql"),
        *("prometheus", "redis-server", "systemd"),
    ),
    "bench": ("chromium", "ffmpeg", "iproute2", "janus", "postgresql"),
    "soak": (
        *("caddy", "chromium", "buildah", "coturn", "curl", "docker-compose", "ffmpeg", "firefox-esr", "iproute2"),
        *("iptables", "mmdebstrap", "postgresql", "prometheus", "python3-venv", "redis-server", "sqlmap"),
    ),
    "interop": ("chromium",),
    "pictures": ("chromium", "ffmpeg"),
}
"""What each of make's targets needs."""


def main(arguments: list[str]) -> int:
    """0 when everything is there; else 1, having said in one sentence what to do."""
    installs = "--install" in arguments
    target = next((word for word in arguments if word != "--install"), "test")
    if target not in NEEDED:
        print(f"FOR is {target!r}. Use one of: {', '.join(NEEDED)}.")
        return 1
    missing = [name for name in NEEDED[target] if not FOUND_BY[name]()]
    if not missing:
        return 0
    what = "" if target == "test" else f" FOR={target}"
    if not installs:
        print(f"Missing here: {', '.join(missing)}. Run as root: make programs{what}")
        return 1
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Please install {', '.join(missing)} as root, on Debian with: apt-get install {' '.join(missing)}")
        return 1
    return install(missing)


def install(missing: list[str]) -> int:
    print(f"Installing {', '.join(missing)}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            print(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
