"""Older versions of livekit-client, fetched by their exact number into the user's cache folder, never committed."""

import subprocess
import tarfile
from pathlib import Path

from backtolife.sessions.media.datapath.compiler import cache_dir
from tools.node import npm

LIBRARY = "package/dist/livekit-client.umd.js"
OLDER = ("2.17.3", "2.20.2")
"""2.17 is the first whose default is the single connection that the engine speaks; 2.20 lies between it and ours."""


def library(version: str) -> Path:
    """The browser's file of this version."""
    folder = cache_dir() / f"livekit-client-{version}"
    found = folder / LIBRARY
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run((*npm(), "pack", f"livekit-client@{version}", "--silent"), check=True, cwd=folder)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extract(LIBRARY, folder, filter="data")
    return found
