"""A real LiveKit server, and the product with its groups on it."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from tests.interop.livekit_server import LiveKit, running_livekit
from tests.support.media.browser import Browsers, browsers
from tests.support.running import House, free_port, running_house


@pytest.fixture(scope="package")
def web_port() -> int:
    return free_port()


@pytest.fixture(scope="package")
def livekit(web_port: int) -> Iterator[LiveKit]:
    with running_livekit(webhooks=f"http://127.0.0.1:{web_port}/webhooks/media") as server:
        yield server


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, livekit: LiveKit, web_port: int) -> Iterator[House]:
    """The whole product without a media engine of its own: one setting, an address and a key point it at LiveKit."""
    there = {
        "MEDIA_ENGINE": "livekit",
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_URL": livekit.api_url,
        "LIVEKIT_API_KEY": livekit.key,
        "LIVEKIT_API_SECRET": livekit.secret,
    }
    folder = tmp_path_factory.mktemp("house")
    with running_house(folder, port=web_port, media_port=livekit.port, media=False, other=there) as running:
        yield running


@pytest.fixture
async def people(livekit: LiveKit) -> AsyncIterator[Browsers]:
    async with browsers(livekit) as opened:
        yield opened


@pytest.fixture
def room_name() -> str:
    """A room that no other test uses."""
    return f"room-{uuid4().hex[:8]}"
