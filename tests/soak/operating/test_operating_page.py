"""docs/operating.md, command for command: installed, looked at, backed up, lost, brought back, made newer.

What the page writes into the machine's folders is thrown away afterwards; something stands in for systemd.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backtolife.config import ROOT
from tests.support.mail import mail_server_running

PAGE = ROOT / "docs" / "operating.md"
BLOCK = re.compile(r"^## (.*?)$|^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile("BACKTOLIFE_.*|VIRTUAL_ENV|PYTHONPATH|CI")
WRITTEN = ("/etc", "/opt", "/run", "/usr/local", "/var/lib", "/var/backups", "/var/cache")
KEPT_APART = """
mkdir --parents "$APART"
mount -t tmpfs tmpfs "$APART"
for each in $WRITTEN; do
  mkdir --parents "$APART/upper$each" "$APART/work$each"
  mount -t overlay overlay -o "lowerdir=$each,upperdir=$APART/upper$each,workdir=$APART/work$each" "$each"
done
"""
READY = """
for port in 8000 7880 7890; do
  until curl --silent --fail http://127.0.0.1:$port/readyz > /dev/null; do sleep 0.5; done
done
"""
pytestmark = pytest.mark.timeout(1500)


def blocks() -> list[tuple[str, str]]:
    """The commands of the page, each with the heading it stands below."""
    found, heading = [], ""
    for title, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        heading = title or heading
        if block:
            found.append((heading, block))
    return found


@dataclass(frozen=True)
class Walked:
    """How the whole page ended, and what it said below each heading."""

    code: int
    said: dict[str, str]
    mails: list[str]


def script() -> str:
    """The page with marks between its blocks, and what stands in for a name and a mail server that there are not."""
    lines, before = [], ""
    for heading, block in blocks():
        if heading != before:
            lines.append(f"printf '\\n=== %s\\n' '{heading}'")
            before = heading
        if heading == "Is it well?" and "doctor" in block:
            lines.append(READY)
            block = block.replace("backtolife doctor", "backtolife doctor || echo ended with $?")  # noqa: PLW2901
        if heading == "Bring it back":
            lines.append("until ls /var/backups/backtolife/*-database.age; do sleep 1; done 2> /dev/null")
        lines.append(block)
        if "systemctl start backtolife.target" in block:
            lines.append(READY)
    return "\n".join([*lines, "systemctl stop backtolife.target"])


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("operating")
    source, stand_ins = folder / "source", folder / "bin"
    for name in ("deploy", "docs", "requirements"):
        shutil.copytree(ROOT / name, source / name)
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(source / "dist"), str(ROOT)], check=True)
    stand_ins.mkdir()
    stand_in(stand_ins / "apt-get", 'exec apt-cache show "$3" > /dev/null')
    stand_in(stand_ins / "systemctl", f'exec /usr/bin/python3 {Path(__file__).parent / "systemctl.py"} "$@"')
    with mail_server_running() as inbox:
        relay = f"SMTP_HOST=127.0.0.1\nSMTP_PORT={inbox.port}\nSMTP_STARTTLS=no"
        page = script().replace("SMTP_HOST=mail.example.org", relay)
        page = page.replace("BACKUP_EVERY_MINUTES=5", "BACKUP_EVERY_MINUTES=1")
        kept = {name: value for name, value in os.environ.items() if not OURS.fullmatch(name)}
        environ = kept | {"APART": str(folder / "apart"), "WRITTEN": " ".join(WRITTEN), "HOME": str(folder)}
        environ["PATH"] = f"{stand_ins}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        done = subprocess.run(
            ["unshare", "--mount", "bash", "-euc", KEPT_APART + page],
            cwd=source, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        parts = re.split(r"^=== (.*)$", done.stdout, flags=re.MULTILINE)
        yield Walked(done.returncode, dict(zip(parts[1::2], parts[2::2], strict=True)), [m["To"] for m in inbox.mails])


def stand_in(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_every_command_of_the_page_does_what_it_should(walked: Walked) -> None:
    assert walked.code == 0, list(walked.said.items())[-1]
    headings = list(dict.fromkeys(heading for heading, _ in blocks()))
    assert list(walked.said) == headings
    assert walked.mails == ["sam@example.org"]


def test_the_doctor_finds_nothing_wrong_but_the_name_that_nobody_has(walked: Walked) -> None:
    said = walked.said["Is it well?"]
    assert "ended with 2" in said
    wrong = [line.split()[1] for line in said.splitlines() if line.startswith("wrong")]
    assert wrong == ["site", "media"], said
    assert re.search(r"^ok +media +The engine has", said, re.MULTILINE)


def test_the_backup_is_whole_and_comes_back(walked: Walked) -> None:
    assert "From outside it is whole" in walked.said["Backups"]
    assert "It is whole: full" in walked.said["Backups"]
    said = walked.said["Bring it back"]
    assert "Everything saved before" in said
    assert "is now in replaced_" in said
    assert "Midtown Community Health: whole" in said
    said = walked.said["A newer version"]
    assert re.search(r"^ok +schema +It is the newest one", said, re.MULTILINE)
    assert len(re.findall(r"^ok +(?:web|media|scheduler) +It runs this version", said, re.MULTILINE)) == 3
    assert "The database is up to date." in said
