"""The example proxy serves TLS and passes pages, Socket.IO and the media engine's signalling."""

import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from livekit import api

from backtolife.config import ROOT
from tests.demo_running import free_ports
from tests.patience import until
from tests.running import House, running_house

EXAMPLE = ROOT / "docs" / "examples" / "Caddyfile"
PLAIN = ssl.create_default_context()
PLAIN.check_hostname, PLAIN.verify_mode = False, ssl.CERT_NONE
"""The proxy makes itself a certificate for localhost, which nothing here trusts."""


@contextmanager
def caddy(house: House, folder: Path) -> Iterator[str]:
    """Run the example as it stands, on free ports, in front of `house`; yields the https address."""
    https, http, _ = free_ports(3)
    test_file = folder / "Caddyfile"
    test_file.write_text(f"{{\n\tskip_install_trust\n\tadmin off\n\thttp_port {http}\n}}\nimport {EXAMPLE}\n")
    environment = {
        **os.environ,
        "SITE": f"localhost:{https}",
        "WEB": house.url.removeprefix("http://"),
        "MEDIA": house.settings.media_api_url.removeprefix("http://"),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = ["caddy", "run", "--config", str(test_file), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield f"https://localhost:{https}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path / "house") as running:
        yield running


async def test_pages_sockets_and_signalling_pass_through_tls(house: House, tmp_path: Path) -> None:
    grants = api.VideoGrants(room_join=True, room="a-room")
    token = api.AccessToken(house.settings.media_api_key, house.settings.media_api_secret)
    jwt = token.with_identity("someone").with_grants(grants).with_ttl(timedelta(minutes=1)).to_jwt()
    connector = aiohttp.TCPConnector(ssl=PLAIN)
    with caddy(house, tmp_path) as site:
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
