"""From one mouth to another ear on a clean link: a beep in a fake microphone, found in the sound that arrives.

Both pages run on this machine and share its clock. The beep is looked for in the same way at both ends, as it leaves
the microphone and as it leaves the loudspeaker's track.
"""

import asyncio
from itertools import pairwise
from statistics import median

from tests.support.media.browser import Person, browsers
from tests.support.media.engine import running_engine
from tests.support.patience import until

REACH = 0.2
"""Seconds."""
BEEPS = 15
PERIOD = 0.5
"""Seconds between two beeps of Chromium's fake microphone."""
LISTEN = """track => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(512);
  window.beeps = [];
  let quiet = 0;
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const loud = samples.some((one) => Math.abs(one) > 0.02);
    if (loud && quiet > 40) beeps.push((performance.timeOrigin + performance.now()) / 1000);
    quiet = loud ? 0 : quiet + 1;
  }, 4);
}"""
OWN = "room.localParticipant.getTrackPublication('microphone').track.mediaStreamTrack"
OTHERS = "room.remoteParticipants.get('ana').getTrackPublication('microphone').track.mediaStreamTrack"


async def heard(person: Person) -> list[float]:
    """When this page heard beeps, in seconds since 1970."""
    return list(await person.page.evaluate("beeps"))


async def test_a_beep_is_heard_within_a_fifth_of_a_second() -> None:
    with running_engine() as engine:
        async with browsers(engine) as people:
            ana, ben = [await people.person(name, "ear") for name in ("ana", "ben")]
            await asyncio.gather(ana.join(), ben.join())
            await ana.publish()
            await ben.sees("ana", "microphone")
            await ana.page.evaluate(f"({LISTEN})({OWN})")
            await ben.page.evaluate(f"({LISTEN})({OTHERS})")

            async def enough() -> bool:
                return len(await heard(ana)) >= BEEPS and len(await heard(ben)) >= BEEPS

            await until(enough, seconds=60, what="enough beeps")
            mouth, ear = await heard(ana), await heard(ben)
    gaps = [[round(later - earlier, 3) for earlier, later in pairwise(beeps)] for beeps in (mouth, ear)]
    assert all(gap > PERIOD / 2 for row in gaps for gap in row), gaps
    took = [after[0] - said for said in mouth if (after := [one for one in ear if one > said])]
    took = sorted(one for one in took if one < PERIOD)
    print(f"mouth to ear: median {median(took) * 1000:.0f} ms, {[round(one * 1000) for one in took]}")  # noqa: T201 - the figure is what a soak is for
    assert len(took) >= BEEPS / 2
    assert median(took) <= REACH
