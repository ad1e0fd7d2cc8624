"""The example proxy serves TLS and passes pages, Socket.IO and the media engine's signalling."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from livekit import api

from tests.support.network.proxy import running_proxy
from tests.support.patience import until
from tests.support.running import House, running_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path / "house") as running:
        yield running


async def test_pages_sockets_and_signalling_pass_through_tls(house: House, tmp_path: Path) -> None:
    grants = api.VideoGrants(room_join=True, room="a-room")
    token = api.AccessToken(house.settings.media_api_key, house.settings.media_api_secret)
    jwt = token.with_identity("someone").with_grants(grants).with_ttl(timedelta(minutes=1)).to_jwt()
    web, media = house.url.removeprefix("http://"), house.settings.media_api_url.removeprefix("http://")
    with running_proxy(tmp_path, web=web, media=media) as proxy:
        site, connector = proxy.url, aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=proxy.authority))
        async with aiohttp.ClientSession(connector=connector) as browser:

            async def answers() -> bool:
                try:
                    async with browser.get(f"{site}/healthz") as page:
                        return page.status == 200
                except aiohttp.ClientConnectionError:
                    return False

            await until(answers, what="the proxy's first answer")
            async with browser.get(f"{site}/sign-in") as page:
                assert "Send me a link" in await page.text()
            async with browser.get(f"{site}/rtc/v1/validate", params={"access_token": jwt}) as checked:
                assert checked.status == 200, "livekit-client asks this address when a connection fails"
            async with browser.ws_connect(f"{site}/socket.io/?EIO=4&transport=websocket") as socket:
                hello = await socket.receive_str(timeout=10)
                assert hello.startswith("0{"), "Socket.IO's handshake came through as a WebSocket"
            async with browser.post(f"{site}/twirp/livekit.RoomService/ListRooms") as hidden:
                assert hidden.status in {400, 404}, "RoomService stays inside"


async def test_while_the_site_is_away_people_read_words_and_the_page_looks_again_by_itself(tmp_path: Path) -> None:
    with running_proxy(tmp_path, web="127.0.0.1:9", media="127.0.0.1:9") as proxy:
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=proxy.authority))
        async with aiohttp.ClientSession(connector=connector) as browser, browser.get(f"{proxy.url}/") as page:
            told = await page.text()
            assert (page.status, page.content_type) == (503, "text/html")
            assert "We will be back in a moment" in told
            assert 'http-equiv="refresh"' in told
            assert "call 999" in told
