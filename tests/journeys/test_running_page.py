"""docs/running.md, command for command: from an empty folder to a patient with a picture in a room over TLS.

The server lives in a network namespace of its own, and the browser in another, as in two houses.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import ROOT, from_environment
from benchmarks.media.rig.hosts import SERVER, Rig, bad_network, run
from tests.support.browser import FLAGS, PATIENCE_MS, chromium_path
from tests.support.mail import Inbox, mail_server_running
from tests.support.network.certificates import home_that_trusts
from tests.support.running import House, Process
from tests.support.sessions.gathering import gather
from tests.support.sessions.pages import Hall, shows
from tests.support.sessions.socket_page import until

PAGE = ROOT / "docs" / "running.md"
NAME = "back.example.org"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile("BACKTOLIFE_.*|VIRTUAL_ENV|PYTHONPATH|CI")
STARTS_SECONDS = 240
pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(1200)]


@dataclass(frozen=True)
class Installed:
    """What the page's commands made, and where its mail went."""

    house: House
    inbox: Inbox
    authority: Path


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """Two hosts. The server's packets to far away have a way out, as on every server, and it knows its own name."""
    with bad_network() as made:
        name = made.server[-1]
        run("ip", "-n", name, "route", "add", "default", "via", "10.77.0.254", "dev", f"{name}0")
        hosts = Path("/etc/netns") / name / "hosts"
        hosts.parent.mkdir(parents=True)
        hosts.write_text(f"127.0.0.1 localhost\n{SERVER} {NAME}\n")
        yield made
        shutil.rmtree(hosts.parent)


@pytest.fixture(scope="module")
def installed(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Run the page: its first block, which fetches, where there is an internet; the others on the server."""
    folder = tmp_path_factory.mktemp("server") / "backtolife"
    lay_source(folder)
    environ = {name: value for name, value in os.environ.items() if not OURS.fullmatch(name)}
    fetching, *serving = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    subprocess.run(["bash", "-euc", fetching], cwd=folder, env=environ, check=True)
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    with ExitStack() as left:
        with rig.inside():
            inbox = left.enter_context(mail_server_running())
        relay = f"SMTP_HOST=127.0.0.1\nSMTP_PORT={inbox.port}\nSMTP_STARTTLS=no"
        script = "\n".join(serving).replace("SMTP_HOST=mail.example.org", relay)
        environ |= {"TLS": "tls internal", "SSL_CERT_FILE": str(authority), "XDG_DATA_HOME": str(folder)}
        log = left.enter_context((folder / "server.log").open("wb"))
        process = subprocess.Popen(
            [*rig.server, "bash", "-euc", f"{script}\nwait"],
            cwd=folder,
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        left.callback(end, process)
        asks = [*rig.server, "curl", "-sf", "-m", "5", "--cacert", str(authority), "--resolve", f"{NAME}:443:{SERVER}"]
        asks += [f"https://{NAME}/healthz"]
        try:
            until(lambda: answers(asks), "a first answer", STARTS_SECONDS)
        except AssertionError:
            raise AssertionError((folder / "server.log").read_text()[-6000:]) from None
        given = dict(line.split("=", 1) for line in (folder / "settings.env").read_text().splitlines())
        settings = from_environment({**given, "DATA_DIR": str(folder / "var")})
        here = left.enter_context(pytest.MonkeyPatch.context())
        here.setenv("DATA_KEY", settings.data_key)  # what is written from here is encrypted as there
        nobody = Process([], {}, "", folder / "none.log")
        app = create_app(settings, {"TESTING": True})
        left.callback(app.extensions["backtolife.engine"].dispose)
        yield Installed(House(settings, app, nobody, nobody), inbox, authority)


def lay_source(folder: Path) -> None:
    """The source as a clone has it, without what was built or installed here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, target)


def answers(asks: list[str]) -> bool:
    return subprocess.run(asks, capture_output=True, check=False).returncode == 0


def end(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def browser(rig: Rig, installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium in the other house, which trusts the server's authority and knows its name."""
    home = home_that_trusts(installed.authority, tmp_path_factory.mktemp("browser"))
    program = rig.wrapper(chromium_path(), rig.client)
    flags = [*FLAGS, f"--host-resolver-rules=MAP {NAME} {SERVER}", "--use-fake-device-for-media-stream=fps=8"]
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, args=flags, env={**os.environ, "HOME": str(home)}, timeout=PATIENCE_MS
        )
        yield running
        running.close()


@pytest.fixture
def hall(installed: Installed, browser: Browser) -> Iterator[Hall]:
    with installed.house.database() as db:
        group = gather(db, clock.now())
    faults: list[str] = []
    yield Hall(installed.house, group, browser, faults)
    for context in browser.contexts:
        context.close()
    assert faults == []


def test_the_administrator_is_invited_by_mail_to_an_address_that_opens(installed: Installed, browser: Browser) -> None:
    link = re.search(r"https://\S+/staff/invitation/\S+", installed.inbox.mails[0].get_content())
    assert link is not None
    page = browser.new_page()
    assert (answer := page.goto(link[0])) is not None
    assert answer.status == 200
    page.close()


def test_a_patient_in_another_network_is_seen_in_the_room(hall: Hall) -> None:
    lead = hall.lead()
    linda = hall.group.patients[0]
    patient = hall.join(linda, "everyone", small=True)
    lead.get_by_role("button", name=re.compile("Let Linda in")).first.click()
    shows(lead, hall.seat(linda))
    shows(patient, hall.seat(hall.group.lead))


def test_a_rehearsal_brings_people_with_pictures(hall: Hall) -> None:
    page = hall.page(hall.group.lead)
    page.goto(f"{hall.house.url}/rehearse")
    page.get_by_role("button", name="Start the rehearsal").click()
    page.get_by_role("button", name=re.compile("^Let all", re.IGNORECASE)).first.click()
    page.wait_for_function("""() => [...document.querySelectorAll('[data-seat] video')]
      .filter(each => !each.hidden && each.getVideoPlaybackQuality().totalVideoFrames > 5).length >= 3""")
