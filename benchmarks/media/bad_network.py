"""The whole table of bad networks, with real browsers. `ROWS=1,4 python -m benchmarks.media.bad_network`

`LINK='{"rate": 100, "delay": 40, "up_only": 1}'` looks at one link of your own instead, with what the
facilitator gets of the one behind it (`back`). `up_only`: what they receive is not impaired.
Needs root (network namespaces) and some minutes. The first row is also a test.
"""

import asyncio
import json
import os
from dataclasses import dataclass, field

from benchmarks.media.rig.hosts import Rig, available, bad_network
from benchmarks.media.rig.listening import Experience, Group, group

SECONDS = 30.0
SETTLE = 5.0
SOUND_A_SECOND = 50
"""Packets of one voice: 20 ms each."""


@dataclass(frozen=True)
class Row:
    """One kind of bad network and what must hold on it for the one behind it."""

    name: str
    reach: str
    impairment: dict[str, float] = field(default_factory=dict)
    most_concealed: float = 1.0
    least_frames: float = 0.0
    most_frozen: float = 1000.0
    sound_only: bool = False
    """Five seconds after the link became bad no picture is sent; one voice at a time, of at most 24 kbit/s."""

    @property
    def backlog(self) -> float:
        """Seconds in which the link's full queue runs dry: what was sent before the picture was off still comes."""
        return QUEUE / self.impairment["rate"] if "rate" in self.impairment else 0.0

    def misses(self, seen: "Seen") -> list[str]:
        """What does not hold."""
        near, voices = seen.near, seen.voices
        kilobits = near.kilobits / near.packets * SECONDS * SOUND_A_SECOND if near.packets else 0.0
        found = {
            f"concealed {near.concealed:.1%}": near.concealed > self.most_concealed,
            f"{near.frames_per_second} fps": near.frames_per_second < self.least_frames,
            f"frozen {near.frozen} s": near.frozen > self.most_frozen,
            f"dropped {seen.dropped}": seen.dropped > 0,
            f"{seen.dark} fps after {SETTLE:.0f} s": self.sound_only and seen.dark > 0,
            f"{kilobits:.1f} kbit/s of sound": self.sound_only and kilobits > MOST_KILOBITS,
            f"{voices:.0f} packets of sound a second": self.sound_only and voices > SOUND_A_SECOND * 1.1,
        }
        return [what for what, missed in found.items() if missed]


MOST_KILOBITS = 24.5
"""24 kbit/s is the encoder's aim, not its fence."""


@dataclass(frozen=True)
class Seen:
    """What the one behind the link got: the facilitator, all voices' packets a second, and how often anyone dropped.

    `dark` are the frames a second, of anyone, in the two seconds after those in which a picture may still come.
    """

    near: Experience
    voices: float
    dark: float
    dropped: int
    back: Experience
    """What the facilitator got of the one behind the link."""
    dark_back: float
    """The frames a second that the facilitator got of them in those two seconds."""


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
    Row(
        "100 kbit/s",
        "picture off in 5 s, one voice ≤ 24 kbit/s, concealed ≤ 5 %",
        {"delay": 40, "rate": 100},
        0.05,
        sound_only=True,
    ),
)
QUEUE = 64_000 * 8 / 1000
"""Kilobits that lie in the queue of the rig's thin links (`impair.py`)."""
GOOD = {"delay": 0.0, "jitter": 0.0, "loss": 0.0, "burst": 1.0, "rate": 0.0, "up_only": 0.0}


async def impaired(rig: Rig, people: Group, row: Row, seconds: float = SECONDS) -> Seen:
    """Make the link bad, look for so many seconds, and leave it good again."""
    before = await people.dropped()
    rig.network(**{**GOOD, **row.impairment})
    await asyncio.sleep(SETTLE + row.backlog)
    after = await people.watch_all(2)
    seen = await people.watch_all(seconds)
    rig.network(**GOOD)
    mine = [one for (who, _), one in seen.items() if who == "far"]
    dark = sum(one.frames_per_second for (who, _), one in after.items() if who == "far")
    voices = sum(one.packets for one in mine) / seconds
    dark_back = after["near", "far"].frames_per_second
    dropped = await people.dropped() - before
    return Seen(seen["far", "near"], voices, dark, dropped, seen["near", "far"], dark_back)


async def walk(rows: list[Row]) -> None:
    for row in rows:
        with bad_network() as rig:
            async with group(rig, beside=row.sound_only) as people:
                seen = await impaired(rig, people, row)
        misses = row.misses(seen)
        print(
            f"{row.name:24} {'MISSED ' + ', '.join(misses) if misses else 'holds'} ({row.reach})\n    {seen}",
            flush=True,
        )


def main() -> None:
    if not available():
        print("Needs root and iproute2: network namespaces make the bad links.")
        return
    wanted = {number for number in os.environ.get("ROWS", "").split(",") if number}
    if "LINK" in os.environ:
        asyncio.run(walk([Row("a link of your own", "nothing asked", json.loads(os.environ["LINK"]))]))
        return
    asyncio.run(walk([row for number, row in enumerate(ROWS, 1) if not wanted or str(number) in wanted]))


if __name__ == "__main__":
    main()
