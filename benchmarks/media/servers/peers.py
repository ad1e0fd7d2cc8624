"""The other media servers under the same load, as far as they are here; the others are named with the reason."""

import asyncio
import shutil
import subprocess

import aiohttp

from backtolife.errors import BacktolifeError
from benchmarks.media.measuring import load
from benchmarks.media.measuring.figures import Figures
from benchmarks.media.servers import janus
from tests.interop import livekit_server


def measured(people: int, seconds: float) -> dict[str, Figures]:
    """Figures by the server's name; says which are not here, and why."""
    found = {}
    for name, measure in ((janus.NAME, on_janus), ("LiveKit", on_livekit)):
        try:
            found[name] = measure(people, seconds)
        except (OSError, RuntimeError, aiohttp.ClientError, BacktolifeError, subprocess.SubprocessError) as error:
            print(f"{name:9} not measured: {error or type(error).__name__}", flush=True)
    return found


def on_janus(people: int, seconds: float) -> Figures:
    if not janus.available():
        raise RuntimeError("Debian's package janus is not installed.")
    with janus.running_janus() as (pid, url):
        return asyncio.run(janus.all_to_all(pid, url, people, seconds=seconds))


def on_livekit(people: int, seconds: float) -> Figures:
    """The server that `make interop` builds; it is built here too where Go is."""
    if shutil.which("go") is None:
        raise RuntimeError("there is no Go to build it with.")
    with livekit_server.running_livekit() as server:
        return asyncio.run(load.all_to_all(server, people, seconds=seconds))
