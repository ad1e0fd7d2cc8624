"""How often one caller may try to sign in, one address be written to, and one person send us something."""

from datetime import datetime, timedelta

from backtolife.people.limits.backoff import Backoff
from backtolife.people.limits.throttle import Throttle, neighbourhood_of, network_of

by_caller = Throttle(most=30, window=timedelta(minutes=5), name="by_caller")
"""Links and codes asked for."""
wrong_by_caller = Throttle(most=30, window=timedelta(minutes=5), name="wrong_by_caller")
"""Wrong passwords and codes only: a whole hospital may sign in from one address."""
by_address = Throttle(most=5, window=timedelta(minutes=15), name="by_address")
"""Links and codes to one address, asked for by one caller."""
by_address_in_all = Throttle(most=20, window=timedelta(hours=1), name="by_address_in_all")
"""The same from everywhere: it bounds what a person's mailbox gets, and how many codes can be guessed at."""
by_address_from_afar = Throttle(most=5, window=timedelta(hours=1), name="by_address_from_afar")
"""How much of that one neighbourhood of the internet may use up: nobody's neighbour closes a person's door for all."""
kept_refused = Throttle(most=10, window=timedelta(minutes=1), name="kept_refused")
"""Forms of one person that are refused because they came too fast, and kept all the same."""
passwords = Backoff(name="passwords")
"""Wrong passwords by account, at the door and when entering one's password again."""
by_door = Throttle(most=60, window=timedelta(minutes=1), name="by_door")
"""What one person sends to one door: each may leave a row."""
by_busy_door = Throttle(most=300, window=timedelta(minutes=1), name="by_busy_door")
"""The same where a page sends by itself, and what people we do not know send from one network."""
by_visit = Throttle(most=20, window=timedelta(minutes=1), name="by_visit")
"""How much of a network's share one browser of somebody we do not know may use up."""
reports = Throttle(most=20, window=timedelta(minutes=1), name="reports")
"""What browsers of one network tell of what they blocked."""
reports_in_all = Throttle(most=120, window=timedelta(minutes=1), name="reports_in_all")
"""The same from everywhere: each takes a moment of the database."""
emergencies = Throttle(most=6, window=timedelta(hours=1), name="emergencies")
"""Records that one person tries to open in an emergency: nobody finds out by trying who is a patient."""
BUSY_DOORS = frozenset(
    {"arriving.go_on", "drafts.keep", "forms.answer", "forms.save", "videos.keep_note", "videos.record"}
)


def check_door(door: str, *, person_id: str, browser: str, visit: str, address: str | None, now: datetime) -> None:
    """Count one sending to `door`. Raises TooOften, saying how long to wait.

    `browser` is one in which somebody has signed in before: what others send from its network is not its own. `visit`
    is that of a browser we do not know: it is refused before it has used up what all behind one address share.
    """
    counter = by_door if person_id and door not in BUSY_DOORS else by_busy_door
    if visit and not (person_id or browser):
        by_visit.check(f"{door}:{visit}", now)
    counter.check(f"{door}:{person_id or browser or network_of(address)}", now)


def may_report(address: str | None, now: datetime) -> bool:
    """Count one report of a browser from `address`, unless there were too many."""
    return reports.allows(network_of(address), now) and reports_in_all.allows("all", now)


def check_address(what: str, *, address: str | None, now: datetime) -> None:
    """Count one asking for `what` (a purpose and an account) from `address`. Raises TooOften.

    Who asks from one neighbourhood is refused there first, and counts no further.
    """
    by_address.check(f"{what}:{network_of(address)}", now)
    by_address_from_afar.check(f"{what}:{neighbourhood_of(address)}", now)
    by_address_in_all.check(what, now)


def check_caller(address: str | None, now: datetime) -> None:
    """Count one asking of the caller at `address`. Raises TooOften, saying how long to wait."""
    by_caller.check(network_of(address), now)


def refuse_caller(address: str | None, now: datetime) -> None:
    """Raises TooOften, saying how long to wait, when too much that came from `address` was wrong."""
    wrong_by_caller.refuse(network_of(address), now)


def count_wrong(address: str | None, now: datetime) -> None:
    """A password or a code from `address` was wrong."""
    wrong_by_caller.allows(network_of(address), now)
