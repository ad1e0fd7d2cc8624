"""What a LiveKit server makes of the networks that lose most: the figures that stand beside our own."""

import pytest

from benchmarks.media.bad_network import ROWS, Row, impaired
from benchmarks.media.rig.hosts import SERVER, bad_network
from benchmarks.media.rig.listening import group
from tests.interop.livekit_server import running_livekit

pytestmark = [pytest.mark.media, pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize("row", ROWS[1:3], ids=lambda row: row.name)
async def test_sound_still_arrives_when_a_fifth_is_lost(row: Row) -> None:
    with (
        bad_network() as rig,
        running_livekit(host=SERVER, prefix=rig.server, inside=rig.inside) as livekit,
    ):
        async with group(rig, other=livekit) as people:
            seen = await impaired(rig, people, row)
    print(f"LiveKit, {row.name}: {seen}")  # noqa: T201 - the figure that stands beside ours
    assert seen.near.packets > 500
