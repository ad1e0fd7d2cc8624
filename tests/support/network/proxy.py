"""The example proxy as it stands, with a certificate of its own authority, as in a hospital's network."""

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backtolife.config import ROOT
from tests.support.demo_running import free_ports

EXAMPLE = ROOT / "docs" / "examples" / "Caddyfile"
READY_SECONDS = 30.0


@dataclass(frozen=True)
class Proxy:
    """Where it answers, and the certificate of the authority that signed its own."""

    url: str
    authority: Path

    @property
    def trusting(self) -> dict[str, str]:
        """What makes programs trust the authority: ours, and the clients of the tests."""
        names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE")
        return dict.fromkeys(names, str(self.authority))


@contextmanager
def running_proxy(folder: Path, *, web: str, media: str) -> Iterator[Proxy]:
    """Run the example on free ports of localhost, in front of the two processes at these addresses."""
    https, http, _ = free_ports(3)
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    test_file = folder / "Caddyfile"
    ours = f"{{\n\tskip_install_trust\n\tadmin off\n\thttp_port {http}\n"
    test_file.write_text(EXAMPLE.read_text().replace("\n{\n", f"\n{ours}", 1))
    environment = {
        **os.environ,
        "SITE": f"localhost:{https}",
        "WEB": web,
        "MEDIA": media,
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = ["caddy", "run", "--config", str(test_file), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(authority)
        wait_until_open(https)
        yield Proxy(f"https://localhost:{https}", authority)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_open(port: int) -> None:
    """Wait until it shows a certificate: it makes its own a moment after its authority's."""
    deadline = time.monotonic() + READY_SECONDS
    shown = ssl.create_default_context()
    shown.check_hostname, shown.verify_mode = False, ssl.CERT_NONE
    while True:
        try:
            with socket.create_connection(("localhost", port), timeout=5) as line:
                shown.wrap_socket(line, server_hostname="localhost").close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"the proxy does not listen on {port}"
            time.sleep(0.05)


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not file.exists():
        assert time.monotonic() < deadline, f"the proxy made no {file}"
        time.sleep(0.05)
