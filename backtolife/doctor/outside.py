"""What people come in by: the site's name and certificate, the port for sound and picture, the relay."""

import asyncio
import json
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aioice import stun
from aioice.turn import create_turn_endpoint

from backtolife.config import Settings, host_of
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid
from backtolife.sessions.media import settings as engine_settings
from backtolife.sessions.media.access.turn import ice_servers

PATIENCE_SECONDS = 10
ENDS_SOON = timedelta(days=14)
TURN_URL = re.compile(r"(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?")
PORTS = {"turn": 3478, "turns": 5349}


def site(settings: Settings) -> Finding:
    """Come to the site as a browser does: by its name, over TLS, to a page."""
    url = settings.public_url
    if settings.secure and (fault := certificate("site", url)) is not None and fault.state == "wrong":
        return fault
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own
            status = int(answer.status)
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError as error:
        do = "Start web and the proxy, and open port 443. If only this machine cannot: put the name into /etc/hosts."
        return Finding("site", "wrong", f"{url} does not answer: {getattr(error, 'reason', error)}.", do)
    if status != 200:
        do = "Something else answers there, or the proxy does not find web: look at the proxy's log."
        return Finding("site", "wrong", f"{url}/healthz answers with code {status}.", do)
    if settings.secure and (fault := certificate("site", url)) is not None:
        return fault
    return Finding("site", "ok", f"{url} answers.")


def signalling(settings: Settings) -> Finding:
    """The name that browsers reach the media engine under."""
    url = settings.media_url
    if url.startswith("wss://") and (fault := certificate("media name", url)) is not None:
        return fault
    return Finding("media name", "ok", f"{url} is {'a name with a right certificate' if 'wss:' in url else 'local'}.")


def certificate(name: str, url: str) -> Finding | None:
    """What is not right with the name or the certificate; None when all is."""
    host, port = host_of(url), urlsplit(url).port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            told = secure.getpeercert() or {}
    except socket.gaierror:
        return Finding(name, "wrong", f"Nobody knows the name {host}.", "Add it to the DNS, or to /etc/hosts here.")
    except ssl.SSLCertVerificationError as error:
        do = "Look at the proxy's log for why it has none; with an authority of your own set SSL_CERT_FILE."
        return Finding(name, "wrong", f"The certificate of {host}:{port} is not right: {error.verify_message}.", do)
    except ssl.SSLError as error:
        do = "Look at the proxy's log (journalctl -u caddy) for why it has no certificate for this name, or none yet."
        return Finding(name, "wrong", f"{host}:{port} answers, but gives no certificate: {error.reason}.", do)
    except OSError as error:
        do = "Start the proxy, and open the port."
        return Finding(name, "wrong", f"{host}:{port} gives no TLS: {error.strerror or error}.", do)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
    if ends - datetime.now(UTC) < ENDS_SOON:
        do = "Look at the proxy's log for why it gets no new one."
        return Finding(name, "warn", f"The certificate of {host} ends on {ends:%Y-%m-%d}.", do)
    return None


def media(settings: Settings) -> Iterator[Finding]:
    """The engine, and its UDP port."""
    if settings.media_engine != "embedded":
        yield Finding("media", "not checked", "A LiveKit server carries sound and picture.", "Look at its own health.")
        return
    try:
        chosen = engine_settings.read([])
    except (Invalid, OSError) as error:
        yield Finding("media", "wrong", str(error), "Look at MEDIA_UDP_ADDRESS and MEDIA_PUBLIC_ADDRESS.")
        return
    runs = engine_runs(settings.media_api_url)
    where = f"UDP port {chosen.udp_port} of {chosen.udp_address}"
    taken = port_taken(chosen.udp_address, chosen.udp_port)
    if taken and not runs:
        do = f"End the program that has it (ss -ulpn 'sport = {chosen.udp_port}'), or set MEDIA_UDP_PORT."
        yield Finding("media", "wrong", f"{where}: {taken}; and the engine does not run.", do)
    elif not runs:
        do = "Start it (systemctl start backtolife-media): until then there is no sound and no picture."
        yield Finding("media", "wrong", f"The engine does not answer at {settings.media_api_url}; {where} is free.", do)
    elif not taken:
        do = "Start web and media with the same settings."
        yield Finding("media", "wrong", f"The engine runs, but not on {where}.", do)
    else:
        told = ", ".join(chosen.advertised)
        yield Finding("media", "ok", f"The engine has {where}; browsers send to {told}. Open it to the internet.")


def engine_runs(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own
            return "participants" in json.loads(answer.read())
    except (OSError, ValueError):
        return False


def port_taken(address: str, port: int) -> str:
    """Why we cannot have this UDP port; empty where it is free."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, port))
    except OSError as error:
        return error.strerror or "it cannot be used"
    return ""


def relays(settings: Settings) -> Iterator[Finding]:
    """Ask each relay for a place, as a browser does."""
    if not settings.turn_urls:
        do = "Workplaces that block UDP need one: see 'A relay for hard networks' in docs/running.md."
        yield Finding("relay", "not checked", "There is no TURN relay.", do)
    servers = ice_servers(settings.turn_urls, settings.turn_secret, "doctor", time.time())
    for url in settings.turn_urls:
        yield relay(url, servers[0].username, servers[0].credential)


def relay(url: str, user: str, password: str) -> Finding:
    found = TURN_URL.fullmatch(url)
    if found is None:
        return Finding("relay", "wrong", f"{url} is no address of a relay.", "Use turn:NAME:3478 or turns:NAME:443.")
    scheme, host, port, transport = found.groups()
    transport = transport or ("tcp" if scheme == "turns" else "udp")
    at = host.strip("[]"), int(port or PORTS[scheme])
    try:
        asyncio.run(allocate(at, user, password, transport=transport, secure=scheme == "turns"))
    except stun.TransactionFailed as error:
        code = error.response.attributes.get("ERROR-CODE", (0, ""))[0]
        do = "TURN_SECRET and coturn's static-auth-secret must be the same, and both clocks right."
        return Finding("relay", "wrong", f"{url} gives us no place (code {code}).", do)
    except ssl.SSLError as error:
        do = "Look at coturn's cert and pkey, and at the name in TURN_URLS."
        return Finding("relay", "wrong", f"The certificate of {url} is not right: {error.reason}.", do)
    except (OSError, stun.TransactionTimeout, TimeoutError) as error:
        do = "Does coturn run, and is its port open?"
        return Finding("relay", "wrong", f"{url} does not answer: {error or 'no answer in time'}.", do)
    return Finding("relay", "ok", f"{url} gave us a place.")


async def allocate(at: tuple[str, int], user: str, password: str, *, transport: str, secure: bool) -> None:
    """Ask for a place and give it back."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        endpoint, _ = await create_turn_endpoint(
            asyncio.DatagramProtocol,
            server_addr=at,
            username=user,
            password=password,
            ssl=ssl.create_default_context() if secure else None,
            transport=transport,
        )
    endpoint.close()
    await asyncio.sleep(0.1)
