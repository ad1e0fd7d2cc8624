"""A year of a waiting list, played through 1 000 times, beside a loop without the library. Reach: 10 s.

`python -m benchmarks.pathway.planner`. `REPLICATIONS=100` changes how often. Processor time of one process.
"""

import os
import random
import time
from collections.abc import Callable

from backtolife.pathway.planning.rules import MONTHS, REPLICATIONS, Assumed, Outlook, Year, outlook
from backtolife.pathway.planning.simulation import years

TIMES = int(os.environ.get("REPLICATIONS", REPLICATIONS))
REACH_SECONDS = 10.0
SERVICES = {
    "a clinic: 1 group a month": Assumed(40, 20, 0.05, 0.7, 0.2, 1, 12),
    "a city: 6 groups a month": Assumed(400, 100, 0.05, 0.7, 0.2, 6, 12),
    "the most that the page takes": Assumed(2000, 200, 0.05, 0.7, 0.2, 20, 14),
}


def plain_years(assumed: Assumed, *, replications: int, chance: random.Random) -> list[Year]:
    """The same service day after day in a plain loop: who comes, who gives up, which group begins."""
    return [plain_year(assumed, chance) for _ in range(replications)]


DAYS = 30
"""In a month of the loop."""


def plain_year(assumed: Assumed, chance: random.Random) -> Year:
    stays = (1 - assumed.gives_up) ** (1 / DAYS)
    line, lengths, completed, empty = list(range(assumed.waiting)), [], 0, 0
    ahead, wait = assumed.waiting, None
    due = chance.random()
    number = assumed.waiting
    for day in range(1, MONTHS * DAYS + 1):
        moment = assumed.arrivals / DAYS
        gap = chance.expovariate(1)
        while gap < moment:
            line.append(number)
            number += 1
            gap += chance.expovariate(1)
        line = [each for each in line if chance.random() < stays]
        due += assumed.groups / DAYS
        while due >= 1:
            due -= 1
            free = assumed.places
            while free and line:
                first = line.pop(0)
                if wait is None and first >= ahead:
                    wait = day / DAYS
                if chance.random() < assumed.says_yes:
                    free -= 1
                    completed += chance.random() >= assumed.drops_out
            if free and wait is None:
                wait = day / DAYS
            empty += free
        if day % DAYS == 0:
            lengths.append(len(line))
    return Year(tuple(lengths), wait, completed, empty)


def measured(play: Callable[..., list[Year]], assumed: Assumed) -> tuple[float, Outlook]:
    began = time.process_time()
    found = play(assumed, replications=TIMES, chance=random.Random(1))
    return time.process_time() - began, outlook(found)


def main() -> None:
    for name, assumed in SERVICES.items():
        ours, found = measured(years, assumed)
        plain, peer = measured(plain_years, assumed)
        reached = "reached" if ours <= REACH_SECONDS * TIMES / REPLICATIONS else "MISSED"
        print(
            f"{name:30} {TIMES} years in {ours:6.2f} s ({reached}); plain loop {plain:6.2f} s, {plain / ours:.1f} x; "
            f"after 12 months {found.months[-1].middle} people, plain loop {peer.months[-1].middle}",
            flush=True,
        )


if __name__ == "__main__":
    main()
