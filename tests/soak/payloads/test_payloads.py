"""Twenty-five payloads in every field of every form as every role, in a real browser: no dialog, no broken policy.

Two courses. Where people write words of their own, each field is sent all of them, as many at once as it takes, and the
rest of the form is filled in as a person would: so they are kept, and everybody who may read them opens what they are
on. And every field, hidden ones and choices too, is sent all of them at once past every limit, while the other kind is
in order: so they are refused and shown back. Fields of the live room that go by its socket are tried in tests of their
own.
"""

import string
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from backtolife import clock
from backtolife.people.models import Role
from tests.access.world import House as World
from tests.access.world import build
from tests.soak.payloads.careless import careless_house
from tests.soak.payloads.courses import Course, Kept, ShownBack, is_done, send_all, unfinished
from tests.soak.payloads.outside import Outside
from tests.soak.payloads.trying import NOBODY, Hands, Tried, hands
from tests.soak.payloads.words import PAYLOADS
from tests.support.browser import chromium
from tests.support.figures import figure
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house

MOST_ROUNDS = 30
EVERYBODY: tuple[Role | None, ...] = (*Role, None)


@dataclass
class Soak:
    """A running house, its browser, and a new service in it for each round."""

    house: House
    browser: Browser
    tried: Tried
    letters: Iterator[tuple[str, ...]]

    def world(self) -> World:
        with self.house.database() as db:
            return build(db, "".join(next(self.letters)), clock.now())

    @contextmanager
    def everybody(self, world: World) -> Iterator[list[Hands]]:
        with ExitStack() as stack:
            yield [stack.enter_context(hands(self.house, self.browser, world, role, self.tried)) for role in EVERYBODY]

    def round(self, course: Course, pages: set[tuple[str, str]] | None) -> None:
        """Everybody sends what is still to be sent, and opens what shows it: in the first round that is everything."""
        with self.everybody(self.world()) as all_of_them:
            for one in all_of_them:
                send_all(one, course, pages=pages)
            for one in all_of_them:
                for rule, path in one.paths:
                    if pages is None or (one.role, rule) in self.tried.shows:
                        one.look(rule, path)
        for role in EVERYBODY:
            if pages is None or any(who == (role or NOBODY) for who, _ in pages):
                with hands(self.house, self.browser, self.world(), role, self.tried, ends=True) as one:
                    send_all(one, course, pages=pages)

    def whole(self, course: Course) -> int:
        """Round after round until every field has had everything. Returns how many it took."""
        self.round(course, None)
        rounds = 1
        while not is_done(course) and rounds < MOST_ROUNDS:
            self.round(course, unfinished(course))
            rounds += 1
        return rounds


@contextmanager
def soaking(folder: Path, database: str, server_log: Path | None) -> Iterator[tuple[Soak, Outside]]:
    outside = Outside(folder / "house" / "web.log", server_log, folder / "temporary")
    outside.temporary.mkdir()
    other = {"PROXIES": "1", "TMPDIR": str(outside.temporary)} | ({"DATABASE_URL": database} if database else {})
    with running_house(folder / "house", media=False, other=other) as house, chromium() as browser:
        yield Soak(house, browser, Tried(), product(string.ascii_uppercase, repeat=2)), outside


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[tuple[Soak, Outside]]:
    with soaking(tmp_path, "", None) as made:
        yield made


@pytest.fixture
def on_postgresql(tmp_path: Path) -> Iterator[tuple[Soak, Outside]]:
    with running_postgresql(tmp_path) as url, soaking(tmp_path, url, tmp_path / "log") as made:
        yield made


def tell(name: str, course: Course, rounds: int, tried: Tried) -> None:
    roles = ", ".join(f"{role} {count}" for role, count in sorted(tried.sent.items()))
    ends = ", ".join(f"{what} {count}" for what, count in tried.came_back.most_common())
    figure(
        f"{name}: {len(PAYLOADS)} payloads in each of {len(course.had)} fields in {rounds} rounds\n"
        f"  {sum(tried.sent.values())} forms sent ({roles})\n"
        f"  they came back: {ends}\n"
        f"  {tried.seen} pages opened besides; {len(tried.shows)} kinds of page by role showed what was sent\n"
        f"  {len(tried.dialogs)} dialogs, {len(tried.broken)} broken policies, {len(tried.fell)} errors of ours, "
        f"{len(tried.turned_away)} turned away, {len(tried.slow)} without an answer"
    )


def assert_nothing_ran(course: Course, soak: Soak, outside: Outside) -> None:
    tried, rounds = soak.tried, soak.whole(course)
    tell(type(course).__name__, course, rounds, tried)
    wrong, looked = outside.found(soak.house)
    figure(f"  {len(wrong)} found outside the database in {looked} (characters), {len(tried.addressed)} in addresses")
    assert (tried.dialogs, tried.broken, tried.fell, tried.turned_away, tried.slow) == ([], [], [], [], [])
    left = sorted(key for key, count in course.had.items() if count < len(PAYLOADS))
    assert not left, f"{len(left)} fields have not had all of them: {left}"
    assert (wrong, tried.addressed) == ([], [])


@pytest.mark.browser
def test_no_payload_that_is_kept_runs_in_anybodys_browser_or_leaves_the_database(
    on_sqlite: tuple[Soak, Outside],
) -> None:
    course = Kept()
    assert_nothing_ran(course, *on_sqlite)
    assert len(course.had) >= 150


@pytest.mark.browser
def test_no_payload_that_is_refused_runs_in_anybodys_browser_or_stays_in_a_log(
    on_postgresql: tuple[Soak, Outside],
) -> None:
    course = ShownBack()
    assert_nothing_ran(course, *on_postgresql)
    assert len(course.had) >= 500
    assert len(on_postgresql[0].tried.sent) == len(EVERYBODY)


CONTROL = "/goals"
"""Patients write here, and read what they wrote."""


@pytest.mark.browser
@pytest.mark.parametrize("keeps_policy", [True, False])
@pytest.mark.parametrize("made", [Kept, ShownBack])
def test_where_output_is_not_encoded_it_finds_it(
    tmp_path: Path, made: type[Kept | ShownBack], keeps_policy: bool
) -> None:
    tried, course = Tried(), made()
    with careless_house(tmp_path, keeps_policy=keeps_policy) as house, chromium() as browser:
        with house.database() as db:
            world = build(db, "A", clock.now())
        with hands(house, browser, world, Role.PATIENT, tried) as one:
            one.paths = [(rule, path) for rule, path in one.paths if rule == CONTROL]
            send_all(one, course)
            for rule, path in one.paths:
                one.look(rule, path)
    figure(
        f"without output encoding, {'with' if keeps_policy else 'and without'} the content policy, one page: "
        f"{len(tried.dialogs)} dialogs, {len(tried.broken)} broken policies"
    )
    assert (bool(tried.dialogs), bool(tried.broken)) == (not keeps_policy, keeps_policy)
