"""docs/operating.md, command for command, on a bare Debian: installed, looked at, backed up, brought back, made newer.

Something stands in for systemd, which starts nothing in a root that is not the machine's own.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backtolife.config import ROOT
from tests.soak.operating.debian import make_debian, trusting
from tests.support.mail import mail_server_running

PAGE = ROOT / "docs" / "operating.md"
BLOCK = re.compile(r"^## (.*?)$|^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STANDS_IN = """#!/bin/sh
exec /usr/bin/python3 /usr/local/lib/systemctl.py "$@"
"""
ENTERS = """
mount --rbind /dev "$ROOT/dev"
mount -t proc proc "$ROOT/proc"
exec chroot "$ROOT" bash -euc "cd /root/source; . /root/page"
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
READY = """
for port in 8000 7880 7890; do
  until curl --silent --fail http://127.0.0.1:$port/readyz > /dev/null; do sleep 0.5; done
done
"""
ELSEWHERE = "Alerts"
"""For the machine that watches; tests/deploy plays the rules."""
pytestmark = pytest.mark.timeout(2400)


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
        if heading != ELSEWHERE:
            lines.append(block)
        if "systemctl start backtolife.target" in block:
            lines.append(READY)
    return "\n".join([*lines, "systemctl stop backtolife.target"])


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Debian with nothing on it, and what a clone and `make wheel` have below /root."""
    root = tmp_path_factory.mktemp("bare") / "debian"
    make_debian(root, "systemd")
    for name in ("deploy", "docs", "requirements"):
        shutil.copytree(ROOT / name, root / "root" / "source" / name)
    uv, dist = str(Path(sys.executable).parent / "uv"), root / "root" / "source" / "dist"
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(dist), str(ROOT)], check=True)
    shutil.copy(Path(__file__).parent / "systemctl.py", root / "usr" / "local" / "lib")
    stand_in = root / "usr" / "local" / "sbin" / "systemctl"
    stand_in.write_text(STANDS_IN)
    stand_in.chmod(0o755)
    shutil.copy("/etc/resolv.conf", root / "etc")
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def walked(bare: Path) -> Walked:
    """The page on that machine; every process of it ends with it."""
    with mail_server_running() as inbox:
        relay = f"SMTP_HOST=127.0.0.1\nSMTP_PORT={inbox.port}\nSMTP_STARTTLS=no"
        page = script().replace("SMTP_HOST=mail.example.org", relay)
        page = page.replace("BACKUP_EVERY_MINUTES=5", "BACKUP_EVERY_MINUTES=1")
        (bare / "root" / "page").write_text(page)
        environ = {"ROOT": str(bare), "PATH": PATH, "HOME": "/root", **trusting()}
        done = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-euc", ENTERS],
            env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        parts = re.split(r"^=== (.*)$", done.stdout, flags=re.MULTILINE)
        return Walked(done.returncode, dict(zip(parts[1::2], parts[2::2], strict=True)), [m["To"] for m in inbox.mails])


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
