"""A rehearsal on a site with TLS: behind the example proxy, whose certificate an authority of its own has signed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.network.proxy import Proxy, running_proxy
from tests.support.running import House, free_port, running_house
from tests.support.sessions.rehearsing import begun, follow_through

pytestmark = [pytest.mark.media, pytest.mark.timeout(600)]


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def proxy(tmp_path: Path, ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with running_proxy(tmp_path, web=f"127.0.0.1:{ports[0]}", media=f"127.0.0.1:{ports[1]}") as running:
        for name, value in running.trusting.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def house(tmp_path: Path, ports: tuple[int, int], proxy: Proxy) -> Iterator[House]:
    """The product behind the proxy. It trusts the authority by `SSL_CERT_FILE`, as docs/running.md says."""
    over_tls = {"PUBLIC_URL": proxy.url, "LIVEKIT_URL": proxy.url.replace("https", "wss"), "PROXIES": "1"}
    with running_house(tmp_path / "house", port=ports[0], media_port=ports[1], other=over_tls) as running:
        yield running


def test_simulated_people_come_to_a_site_with_tls_and_a_certificate_of_its_own_authority(house: House) -> None:
    assert house.settings.secure
    with begun(house) as rehearsing:
        follow_through(house, rehearsing)
