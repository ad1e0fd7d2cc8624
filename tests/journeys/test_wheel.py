"""The wheel in an empty virtual environment, without the source beside it: everything that a clinic runs."""

import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backtolife.config import ROOT
from tests.support.demo_running import running_demo

HERE = Path(sys.executable).parent
pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Installed:
    """A virtual environment with nothing but the wheel and what it needs, and an empty folder to run it in."""

    python: Path
    empty: Path
    wheel: Path

    def run(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.python.parent / words[0]), *words[1:]]
        return subprocess.run(
            command, cwd=self.empty, env=clean(environ), capture_output=True, text=True, check=False, timeout=300
        )

    def loop_of_media(self, **environ: str) -> str:
        """The loop that `backtolife media` says it works with, where nothing can be compiled."""
        anywhere = {"MEDIA_PORT": "0", "MEDIA_UDP_PORT": "0", "CC": "no-such-compiler"}
        command = [str(self.python.parent / "backtolife"), "media"]
        known = clean({**anywhere, **environ})
        with subprocess.Popen(command, cwd=self.empty, env=known, stdout=subprocess.PIPE, text=True) as engine:
            assert engine.stdout is not None
            lines: Iterator[dict[str, str]] = (json.loads(line) for line in engine.stdout)
            started = next((line for line in lines if line["event"] == "media engine started"), {})
            engine.terminate()
        return str(started.get("loop"))


def clean(environ: dict[str, str]) -> dict[str, str]:
    """This process's environment without what would lead to the source, and with `environ`."""
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}} | environ


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("wheel")
    uv = str(HERE / "uv")
    for command in (
        [uv, "build", "--quiet", "--wheel", "--out-dir", str(folder / "dist"), str(ROOT)],
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")],
    ):
        subprocess.run(command, check=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "production.txt")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    (folder / "empty").mkdir()
    yield Installed(python, folder / "empty", wheel)


def test_the_wheel_holds_pages_scripts_and_migrations_and_nothing_of_the_tests(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
    held = {"templates/base.jinja", "static/vendor/room/patient.js", "static/css/tokens.css", "migrations/env.py"}
    assert {f"backtolife/packed/{name}" for name in held} <= names
    assert "backtolife/packed/static/vendor/hls.js/hls.light.min.js" in names
    assert [name for name in names if name.startswith(("tests/", "tools/", "benchmarks/")) or "axe" in name] == []


def test_a_database_is_made_and_a_service_opened(installed: Installed, tmp_path: Path) -> None:
    assert installed.run("backtolife", "migrate", DATA_DIR=str(tmp_path)).stdout == "The database is up to date.\n"
    words = ["service", "create", "Midtown", "--short-name", "Mid", "--phone", "01632 960000"]
    made = installed.run("backtolife", *words, DATA_DIR=str(tmp_path))
    assert made.returncode == 0, made.stderr


def test_pages_media_and_scheduler_run_without_the_source(installed: Installed, tmp_path: Path) -> None:
    with running_demo(tmp_path / "demo", installed.python, installed.empty) as demo:
        for word in ("web", "media", "scheduler"):
            assert demo.pids_of(f"backtolife {word}"), word
        for address in ("/readyz?all=yes", "/static/vendor/room/patient.js", "/staff/sign-in"):
            with urllib.request.urlopen(demo.url + address, timeout=60) as answer:
                assert answer.status == 200, address
    assert list(installed.empty.iterdir()) == [], "everything is kept where DATA_DIR says"


def test_the_loop_in_c_comes_with_the_wheel_and_without_it_the_one_in_python_works(
    installed: Installed, tmp_path: Path
) -> None:
    kept_nowhere = {"DATA_DIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    assert "-cp311-abi3-" in installed.wheel.name, "one module serves every Python"
    (module,) = installed.python.parents[1].rglob("_hot.abi3.so")
    assert installed.loop_of_media(**kept_nowhere) == "compiled"
    aside = module.rename(tmp_path / module.name)
    try:
        assert installed.loop_of_media(**kept_nowhere) == "python"
    finally:
        aside.rename(module)


def test_a_room_page_takes_the_joined_script(installed: Installed) -> None:
    told = installed.run(
        "python",
        "-c",
        "from backtolife.sessions.joining.assets import loaded; print(loaded('patient.js').script)",
    )
    assert told.stdout.strip() == "vendor/room/patient.js", told.stderr


def test_the_languages_to_choose_from_come_with_the_wheel(installed: Installed) -> None:
    told = installed.run("python", "-c", "from backtolife.text.languages import name_of; print(name_of('cy'))")
    assert told.stdout.strip() == "Welsh", told.stderr


def test_each_command_says_in_words_what_a_setting_lacks(installed: Installed, tmp_path: Path) -> None:
    for name in ("web", "media", "scheduler"):
        unsafe = {"BACKTOLIFE_ENV": "production", "PORT": "0", "MEDIA_PORT": "0", "DATA_DIR": str(tmp_path)}
        told = installed.run("backtolife", name, **unsafe)
        assert told.returncode != 0, name
        assert "LIVEKIT_API_SECRET" in told.stderr or "SECRET_KEY" in told.stderr, (name, told.stderr)
        assert "Traceback" not in told.stderr, name
