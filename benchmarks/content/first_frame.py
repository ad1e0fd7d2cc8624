"""A video's page to its first picture, and a jump to the picture there, in Chromium on loopback.

`python -m benchmarks.content.first_frame`. The first picture is counted from the press on the video's link until
a picture can be shown, with nothing kept by the browser. `MINUTES=10`, `ROUNDS=15`. Reach: 1 s, and 0.5 s for a jump.
"""

import os
import random
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from backtolife import clock
from backtolife.content import services
from backtolife.content.packaging import incoming
from backtolife.content.packaging.jobs import package_next
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from benchmarks.content.synthetic import synthetic
from benchmarks.room.figures import line
from tests.support.browser import PHONE, chromium
from tests.support.factories import Factory
from tests.support.running import House, running_house

MINUTES = float(os.environ.get("MINUTES", "10"))
ROUNDS = int(os.environ.get("ROUNDS", "15"))
FIRST_MS, SEEK_MS = 1000.0, 500.0
JUMPS = 5
SHOWN = """() => new Promise((done) => {
  const look = () => {
    const video = document.getElementById("video");
    if (video?.readyState >= 2 && video.videoWidth) done(performance.now()); else requestAnimationFrame(look);
  };
  look();
})"""
JUMP = """(at) => new Promise((done) => {
  const video = document.getElementById("video");
  const began = performance.now();
  video.addEventListener("seeked", () => done(performance.now() - began), {once: true});
  video.currentTime = at;
})"""


def one_visit(house: House, browser: Browser, patient: Person, chance: random.Random) -> tuple[float, list[float]]:
    context = browser.new_context(**PHONE)
    context.add_cookies(house.browser_cookies(patient))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.url}/videos/session-1", wait_until="commit")
    first = float(page.evaluate(SHOWN))
    jumps = [float(page.evaluate(JUMP, chance.uniform(5, MINUTES * 60 - 5))) for _ in range(JUMPS)]
    context.close()
    return first, jumps


def show(house: House, film: Path) -> Person:
    """Session 1's video is `film`; who may watch it."""
    with house.database() as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service)
        staff = make.facilitator(cohort, name="Priya")
        patient = db.get_one(Person, make.enrolment(cohort, "Asha").person_id)
        received = incoming.receive(house.settings.videos_dir, save=lambda path: path.write_bytes(film.read_bytes()))
        services.upload(
            db,
            actor=Actor(staff.id, service.id, frozenset({Role.FACILITATOR})),
            session_number=1,
            title="A film",
            source=received.source,
            transcript="",
            now=clock.now(),
        )
    while package_next(house.app.extensions["backtolife.engine"], house.settings, clock.now()):
        pass
    return patient


def main() -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder)) as house, chromium() as browser:
        film = synthetic(Path(folder) / "film.mp4", minutes=MINUTES, rate=5)
        patient = show(house, film)
        one_visit(house, browser, patient, chance)
        found = [one_visit(house, browser, patient, chance) for _ in range(ROUNDS)]
    print(line("page to first picture", [first for first, _ in found], FIRST_MS))
    print(line("jump to another place", [each for _, jumps in found for each in jumps], SEEK_MS))
