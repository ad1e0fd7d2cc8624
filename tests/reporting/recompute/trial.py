"""How many of those who said yes tried camera, sound and network before they first came."""

from tests.reporting.recompute.dataset.release import Release
from tests.reporting.recompute.dataset.rows import Row, said_yes
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.words import HIDDEN, percent


def tried(rows: list[Row]) -> list[list[int]]:
    """Those who tried in time, and the others who said yes."""
    there = [row for row in rows if said_yes(row)]
    in_time = [row for row in there if row["tried_on"] and row["tried_on"] <= (row["started_on"] or "9999")]
    return [[len(in_time), len(there) - len(in_time)]]


def release_of(service: Service) -> Release:
    return service.of(tried)


def told(service: Service) -> list[str]:
    """What the page says, if enough have tried at all."""
    release = release_of(service)
    counts = tried(release.rows)[0]
    if counts[0] < 5:
        return []
    shown, n = release.hide(0, counts)[0], sum(counts)
    count = HIDDEN if shown is None else f"{shown} of {n} who said yes ({percent(shown, n)})"
    return [f"Tried camera, sound and network at home before the first session: {count}."]
