"""The image of docs/containers.md: built, its three processes started as compose.yaml says, and walked through.

PostgreSQL, Redis, the mail server and the proxy are this machine's; all that is ours runs in the image.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import make_url
from sqlmodel import select

from backtolife import clock, secret_files
from backtolife.app import create_app
from backtolife.config import from_environment
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.models import Answer
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.soak.operating.image import Image, built, free_udp, running
from tests.support.browser import FLAGS, PATIENCE_MS, chromium_path, phone
from tests.support.factories import Factory
from tests.support.mail import Inbox, mail_server_running
from tests.support.network.certificates import home_that_trusts
from tests.support.network.proxy import running_proxy
from tests.support.network.redis_server import running_redis
from tests.support.postgresql import running_postgresql
from tests.support.running import House, Process, free_port
from tests.support.sessions.gathering import gather
from tests.support.sessions.pages import Hall
from tests.support.sessions.socket_page import until

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(3000)]
LINK = re.compile(r"https://\S+")
PORTS = {"web": "PORT", "media": "MEDIA_PORT", "scheduler": "SCHEDULER_PORT"}


@dataclass(frozen=True)
class Served:
    """The image, what its processes were told besides, and what they reach."""

    image: Image
    other: dict[str, str]
    volumes: list[str]
    ports: dict[str, int]
    house: House
    inbox: Inbox
    authority: Path

    def said(self, service: str, *words: str, **other: str) -> "subprocess.CompletedProcess[str]":
        command = self.image.command(service, list(words), {**self.other, **other}, self.volumes)
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return built(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def served(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    around = tmp_path_factory.mktemp("around")
    ports = {service: free_port() for service in PORTS}
    web, media = (f"127.0.0.1:{ports[service]}" for service in ("web", "media"))
    with ExitStack() as left:
        database = left.enter_context(running_postgresql(around))
        redis = left.enter_context(running_redis())
        inbox = left.enter_context(mail_server_running())
        proxy = left.enter_context(running_proxy(around, web=web, media=media))
        sockets = Path(str(make_url(database).query["host"]))
        sockets.chmod(0o755)
        (image.folder / "secrets" / "database_url").write_text(database)
        other = {name: str(ports[service]) for service, name in PORTS.items()} | {
            "PUBLIC_URL": proxy.url,
            "LIVEKIT_URL": proxy.url.replace("https", "wss"),
            "LIVEKIT_API_URL": f"http://{media}",
            "MEDIA_WEBHOOK_URL": f"http://{web}/webhooks/media",
            "MEDIA_UDP_PORT": str(free_udp()),
            "MEDIA_PUBLIC_ADDRESS": "127.0.0.1",
            "MEDIA_UDP_ADDRESS": "127.0.0.1",
            "REDIS_URL": redis,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(inbox.port),
            "SMTP_STARTTLS": "no",
            "TURN_URLS": "",
            "STAFF_SECOND_STEP": "optional",
        }
        volumes = [f"{sockets}:{sockets}"]
        migrated = subprocess.run(
            image.command("migrate", ["backtolife", "migrate"], other, volumes),
            capture_output=True,
            text=True,
            check=False,
        )
        assert migrated.stdout == "The database is up to date.\n", migrated.stderr
        commands = {
            service: image.command(
                service,
                ["backtolife", *image.services[service]["command"]],
                {**other, "READY_PORT": str(ports[service])},
                volumes,
            )
            for service in PORTS
        }
        left.enter_context(running(image, commands, ports))
        environ = {**image.told("web"), **other, "DATA_DIR": str(image.data)}
        environ = {name: word.replace("/run/secrets", f"{image.folder}/secrets") for name, word in environ.items()}
        secret_files.read(environ)
        for name in ("AUDIT_KEY", "SECRET_KEY", "DATA_KEY"):
            left.callback(os.environ.pop, name, None)
            os.environ[name] = environ[name]
        nobody = Process([], {}, "", around / "none.log")
        settings = from_environment(environ)
        app = create_app(settings, {"TESTING": True})
        left.callback(app.extensions["backtolife.engine"].dispose)
        house = House(settings, app, nobody, nobody)
        yield Served(image, other, volumes, ports, house, inbox, proxy.authority)


@pytest.fixture
def hall(served: Served, tmp_path: Path) -> Iterator[Hall]:
    home = home_that_trusts(served.authority, tmp_path)
    with served.house.database() as db:
        group = gather(db, clock.now())
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS, env={**os.environ, "HOME": str(home)}, timeout=PATIENCE_MS
        )
        yield Hall(served.house, group, browser, [])
        browser.close()


def test_nothing_in_it_builds_or_installs_and_its_user_writes_data_alone(served: Served) -> None:
    script = (
        "id --user; for each in gcc cc make pip uv git; do command -v $each && echo found; done;"
        "find / -xdev -writable ! -type l ! -path '/proc/*' ! -path '/dev/*' ! -path '/run/secrets/*' 2> /dev/null"
    )
    user, *found = served.said("web", "sh", "-c", script).stdout.split()
    assert user == "10001"
    allowed = ("/tmp", "/var/tmp", "/run/lock", "/var/lib/backtolife", "/var/backups/backtolife")  # noqa: S108
    assert [path for path in found if not path.startswith(allowed)] == []


@pytest.mark.parametrize("service", list(PORTS))
def test_an_engine_learns_whether_a_container_is_well(service: str, served: Served) -> None:
    test = served.image.health()
    well = served.said(service, *test, READY_PORT=str(served.ports[service]))
    assert well.returncode == 0, well.stderr
    assert served.said(service, *test, READY_PORT=str(free_port())).returncode != 0


def test_a_patient_signs_in_by_mail_comes_into_the_room_and_answers(served: Served, hall: Hall) -> None:
    linda = hall.group.patients[0]
    page = phone(hall.browser).new_page()
    sign_in_by_mail(page, served, linda.email)
    hall.come(page, "everyone")
    lead = hall.lead()
    lead.get_by_role("button", name=re.compile("Let Linda in")).first.click()
    expect(page.locator("#stage, #wall").first).to_be_visible()
    lead.goto(f"{served.house.url}/groups/{hall.group.cohort.id}")
    expect(lead.get_by_text("Linda").first).to_be_visible()
    answer_a_question(page, served, linda)


def sign_in_by_mail(page: Page, served: Served, address: str) -> None:
    before = len(served.inbox.mails)
    page.goto(f"{served.house.url}/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    until(lambda: len(served.inbox.mails) > before, "the mail with the link")
    link = LINK.search(served.inbox.mails[-1].get_content())
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=re.compile("^Good "))).to_be_visible()


def answer_a_question(page: Page, served: Served, linda: Person) -> None:
    with served.house.database() as db:
        now = clock.now()
        enrolment = db.exec(select(Enrolment).where(Enrolment.person_id == linda.id)).one()
        opened = open_response(
            db,
            enrolment=enrolment,
            milestone_id="baseline",
            instrument="phq-9",
            actor=Factory(db, now).actor(linda),
            production=False,
            now=now,
        ).id
    page.goto(f"{served.house.url}/questions/{opened}/1")
    page.locator(".btl-q:visible label.btl-choice__row").first.click()
    page.locator("#next").click()

    def kept() -> bool:
        with served.house.database() as db:
            return bool(db.exec(select(Answer).where(Answer.response_id == opened)).all())

    until(kept, "keeping the answer")


def test_a_backup_is_made_in_it_and_read_with_the_key_that_the_page_made(served: Served) -> None:
    backups = served.image.folder / "backups"
    backups.mkdir()
    os.chown(backups, *(2 * [10001]))
    volumes = [
        *served.volumes,
        f"{backups}:/var/backups/backtolife",
        f"{served.image.folder}/backup-key.txt:/tmp/key:ro",
    ]
    (served.image.folder / "backup-key.txt").chmod(0o644)
    script = "set -e; made=$(backtolife backup); backtolife verify $made --key /tmp/key"
    command = served.image.command("backup", ["sh", "-c", script], served.other, volumes)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert "It is whole: full" in done.stdout, done.stderr
