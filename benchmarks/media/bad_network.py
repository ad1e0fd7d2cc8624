"""The whole table of bad networks, with real browsers. `ROWS=1,4 python -m benchmarks.media.bad_network`

Needs root (network namespaces) and some minutes. The first row is also a test.
"""

import asyncio
import os
from dataclasses import dataclass, field

from benchmarks.media.rig.hosts import available, bad_network
from benchmarks.media.rig.listening import Experience, pair

SECONDS = 30.0
SETTLE = 8.0


@dataclass(frozen=True)
class Row:
    """One kind of bad network and what must hold on it for the one behind it."""

    name: str
    reach: str
    impairment: dict[str, float] = field(default_factory=dict)
    most_concealed: float = 1.0
    least_frames: float = 0.0
    most_frozen: float = 1000.0

    def holds(self, seen: Experience) -> bool:
        return (
            seen.concealed <= self.most_concealed
            and seen.frames_per_second >= self.least_frames
            and seen.frozen <= self.most_frozen
        )


ROWS = (
    Row(
        "5 % loss, 40 ± 8 ms",
        "concealed ≤ 2 %, ≥ 12 fps, freezes ≤ 1 s",
        {"delay": 40, "jitter": 8, "loss": 5},
        0.02,
        12,
        1.0,
    ),
    Row("20 % loss, single", "concealed ≤ 5 %", {"delay": 40, "jitter": 8, "loss": 20}, 0.05),
    Row("20 % loss, bursts of 4", "concealed ≤ 15 %", {"delay": 40, "jitter": 8, "loss": 20, "burst": 4}, 0.15),
    Row("300 kbit/s", "concealed ≤ 2 %, small picture", {"delay": 40, "rate": 300}, 0.02, 5),
    Row("100 kbit/s", "concealed ≤ 5 %, no picture", {"delay": 40, "rate": 100}, 0.05),
)
GOOD = {"delay": 0.0, "jitter": 0.0, "loss": 0.0, "burst": 1.0, "rate": 0.0}


async def walk(rows: list[Row]) -> None:
    with bad_network() as rig:
        async with pair(rig) as people:
            for row in rows:
                rig.network(**{**GOOD, **row.impairment})
                await asyncio.sleep(SETTLE)
                far, near = await people.watch(SECONDS)
                rig.network(**GOOD)
                verdict = "holds" if row.holds(far) else "MISSED"
                print(
                    f"{row.name:24} {verdict:7} ({row.reach})\n    behind it: {far}\n    beside the engine: {near}",
                    flush=True,
                )
                await asyncio.sleep(SETTLE)


def main() -> None:
    if not available():
        print("Needs root and iproute2: network namespaces make the bad links.")
        return
    wanted = {number for number in os.environ.get("ROWS", "").split(",") if number}
    asyncio.run(walk([row for number, row in enumerate(ROWS, 1) if not wanted or str(number) in wanted]))


if __name__ == "__main__":
    main()
