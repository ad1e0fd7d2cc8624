"""What the engine writes down: one object a line, and nobody's name or address."""

import asyncio
import json

import pytest
from livekit.protocol import rtc

from tests.support.media.engine import start_engine
from tests.support.media.native import native_person
from tests.support.media.signals import signal_connection

pytestmark = pytest.mark.media


async def test_the_log_says_what_happened_and_to_nobody_by_name(room_name: str) -> None:
    engine = await asyncio.to_thread(start_engine)
    token = engine.token("linda.brown", room_name, attributes={"role": "patient"})
    async with native_person(engine.url, token) as linda:
        await linda.publish()
        sid = linda.sid
        async with signal_connection(engine, engine.token("joseph.king", room_name)) as signals:
            await signals.send(offer=rtc.SessionDescription(type="offer", sdp="nonsense", id=1))
            await signals.send(ping=1)
            await signals.until("pong")
    await asyncio.to_thread(engine.stop)
    lines = [json.loads(line) for line in engine.log.read_text().splitlines()]
    assert {"event": "participant_joined", "participant": sid}.items() <= next(
        line for line in lines if line["event"] == "participant_joined"
    ).items()
    assert {"media engine started", "room_started", "track_published", "a signal was refused", "room_finished"} <= {
        line["event"] for line in lines
    }
    assert all(line["level"] and line["timestamp"] for line in lines)
    for word in ("linda", "brown", "joseph", room_name, token):
        assert word not in engine.log.read_text().lower()
