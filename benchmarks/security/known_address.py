"""Whether the time of one answer tells if an address is known here, at every door that takes one.

`python -m benchmarks.security.known_address`. Reach: the best threshold on one time is right for at most 55 of 100.
With `EACH` looks of each kind the best of all thresholds finds about 53 in two equal distributions, by chance alone.
"""

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backtolife import clock
from backtolife.people.models import Role
from backtolife.people.signing_in.passwords import hash_password
from benchmarks.room.figures import percentile
from benchmarks.security.visitor import Visitor, address_of
from tests.support.factories import Factory
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house

EACH = 400
MOST_TOLD = 0.55
PASSWORD = "lantern orchard pebble"


@dataclass(frozen=True)
class Door:
    """A page that takes an address. `knock` returns the status and the milliseconds of the answer that might tell."""

    name: str
    staff: bool
    knock: Callable[[Visitor, str], tuple[int, float]]


def ask_for_link(visitor: Visitor, email: str) -> tuple[int, float]:
    visitor.open("/sign-in")
    return visitor.send("/sign-in", email=email)


def try_code(visitor: Visitor, email: str) -> tuple[int, float]:
    ask_for_link(visitor, email)
    visitor.open("/sign-in/code")
    return visitor.send("/sign-in/code", email=email, code="000000")


def try_password(visitor: Visitor, email: str) -> tuple[int, float]:
    visitor.open("/staff/sign-in")
    return visitor.send("/staff/sign-in", email=email, password="not the password")


def ask_for_browser_link(visitor: Visitor, email: str) -> tuple[int, float]:
    visitor.open("/staff/sign-in")
    return visitor.send("/staff/sign-in/link", email=email)


def ask_for_reset(visitor: Visitor, email: str) -> tuple[int, float]:
    visitor.open("/staff/reset")
    return visitor.send("/staff/reset", email=email)


DOORS = (
    Door("patient asks for a link", staff=False, knock=ask_for_link),
    Door("patient tries a code", staff=False, knock=try_code),
    Door("staff try a password", staff=True, knock=try_password),
    Door("staff ask for a link for this browser", staff=True, knock=ask_for_browser_link),
    Door("staff ask for a new password", staff=True, knock=ask_for_reset),
)


def told(known: list[float], unknown: list[float]) -> float:
    """How often the best threshold on one time says truly whether the address is known, of two equally likely."""
    best = 0.5
    for threshold in sorted({*known, *unknown}):
        below = sum(1 for each in known if each <= threshold) / len(known)
        below_unknown = sum(1 for each in unknown if each <= threshold) / len(unknown)
        best = max(best, 0.5 + abs(below - below_unknown) / 2)
    return best


def fill(house: House) -> None:
    """Everybody whose address is asked for once: patients and staff."""
    kept = hash_password(PASSWORD)
    with house.database() as db:
        make = Factory(db, clock.now())
        service = make.service()
        for number in range(EACH):
            make.person(service, Role.PATIENT).email = f"patient{number:04}@example.org"
            colleague = make.person(service, Role.FACILITATOR)
            colleague.email, colleague.password_hash = f"staff{number:04}@example.org", kept


def measure(house: House, door: Door, first: int) -> None:
    times: dict[bool, list[float]] = {True: [], False: []}
    statuses: dict[bool, set[int]] = {True: set(), False: set()}
    looks = [(is_known, number) for is_known in (True, False) for number in range(EACH)]
    random.Random(7).shuffle(looks)
    for at, (is_known, number) in enumerate(looks):
        who = "staff" if door.staff else "patient"
        email = f"{who}{number:04}@example.org" if is_known else f"{who}{number:04}@example.com"
        visitor = Visitor(house.url, address_of(first + at))
        status, took = door.knock(visitor, email)
        visitor.close()
        times[is_known].append(took)
        statuses[is_known].add(status)
    if statuses[True] != statuses[False] or 429 in statuses[True]:
        raise RuntimeError(f"{door.name}: {statuses}")
    share = told(times[True], times[False])
    print(
        f"{door.name:38} n {EACH} + {EACH}  median known {percentile(times[True], 0.5):6.1f} ms, unknown "
        f"{percentile(times[False], 0.5):6.1f} ms  one look tells {share:.1%}  "
        f"{'reached' if share <= MOST_TOLD else 'MISSED'} (at most {MOST_TOLD:.0%})",
        flush=True,
    )


def at_every_door(kind: str, folder: Path, other: dict[str, str]) -> None:
    print(kind)
    with running_house(folder, media=False, other={"PROXIES": "1", **other}) as house:
        fill(house)
        for number, door in enumerate(DOORS):
            measure(house, door, first=number * 2 * EACH)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        at_every_door("SQLite", Path(folder) / "house", {})
    with tempfile.TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        at_every_door("PostgreSQL", Path(folder) / "house", {"DATABASE_URL": url})


if __name__ == "__main__":
    main()
