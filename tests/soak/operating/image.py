"""The image as docs/containers.md builds it, on a base made here, and its processes as compose.yaml starts them."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from backtolife.config import ROOT
from tests.soak.operating import docker
from tests.soak.operating.debian import make_debian, trusting

PAGE = ROOT / "docs" / "containers.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
BASE = "debian:bookworm-slim"
READY_SECONDS = 240.0
USER = 10001


@dataclass
class Image:
    """Where it was built, and everything that its processes are told."""

    folder: Path
    store: Path
    services: dict[str, Any]
    data: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.folder / "data"
        self.data.mkdir()
        os.chown(self.data, USER, USER)

    def told(self, service: str) -> dict[str, str]:
        """What compose.yaml tells this container."""
        return {name: str(value) for name, value in self.services[service]["environment"].items()}

    def command(self, service: str, words: list[str], other: Mapping[str, str], volumes: list[str]) -> list[str]:
        """These words in this container, with `other` in the place of what does not stand around it here."""
        kept = [f"{self.data}:/var/lib/backtolife"]
        for each in self.services[service]["secrets"]:
            kept.append(f"{self.folder}/secrets/{each['source']}:/run/secrets/{each['source']}:ro")
        environ = {**self.told(service), **other}
        return docker.inside(self.store, words, environ=environ, volumes=[*kept, *volumes])

    def health(self) -> list[str]:
        """The command by which an engine asks whether a container is well."""
        words = docker.buildah(self.store, "inspect", "--type", "image", "backtolife")
        told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        test: list[str] = told["Docker"]["config"]["Healthcheck"]["Test"]
        assert test.pop(0) == "CMD"
        return test


def built(folder: Path) -> Image:
    """Do what the page says, up to the start, in a folder with what a clone and `make wheel` have."""
    source, served, store = folder / "source", folder / "served", folder / "store"
    for name in ("deploy/containers", "docs/examples", "requirements"):
        shutil.copytree(ROOT / name, source / name)
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(source / "dist"), str(ROOT)], check=True)
    make_base(folder, store)
    stand_in = folder / "bin" / "docker"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} {docker.__file__} "$@"\n')
    stand_in.chmod(0o755)
    known = {**os.environ, "PATH": f"{stand_in.parent}:{os.environ['PATH']}", "STORE": str(store)}
    script = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8"))[:3]).replace("/srv/backtolife", str(served))
    subprocess.run(["bash", "-euc", script], cwd=source, env=known, check=True)
    read = subprocess.run(["docker-compose", "config"], cwd=served, capture_output=True, text=True, check=True).stdout
    return Image(served, store, yaml.safe_load(read)["services"])


def make_base(folder: Path, store: Path) -> None:
    """A bare Debian under the name that the Containerfile asks for."""
    root = folder / "base"
    store.mkdir()
    make_debian(root)
    here = {**os.environ, "TMPDIR": str(store)}
    options = [f"--env={name}={value}" for name, value in trusting().items()]
    for words in (
        ("from", "--name", "base", "scratch"),
        ("add", "--quiet", "base", str(root), "/"),
        ("config", "--cmd", "bash", *options, "base"),
        ("commit", "--quiet", "base", BASE),
        ("rm", "base"),
    ):
        subprocess.run(docker.buildah(store, *words), env=here, check=True, capture_output=True)
    shutil.rmtree(root)


@contextmanager
def running(image: Image, commands: Mapping[str, list[str]], ports: Mapping[str, int]) -> Iterator[None]:
    """Start each container's command and wait until all of them say that they can work."""
    with ExitStack() as left:
        for service, command in commands.items():
            log = left.enter_context((image.folder / f"{service}.log").open("wb"))
            process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            left.callback(end, process)
        for service, port in ports.items():
            wait_until_ready(port, image.folder / f"{service}.log")
        yield


def wait_until_ready(port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.5)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End what runs in the container: buildah gives no signal on."""
    family = descendants(process.pid)
    for pid in reversed(family):
        with suppress(ProcessLookupError):
            os.kill(pid, 15)
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        process.kill()
        process.wait()


def descendants(pid: int) -> list[int]:
    """Whoever stems from it; buildah starts what it starts from any of its threads."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found += [child, *descendants(child)]
    return found


def free_udp() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
