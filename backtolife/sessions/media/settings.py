"""The engine's settings: the command line, and the environment it shares with the web process."""

import argparse
import ipaddress
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backtolife import config
from backtolife.errors import Invalid
from backtolife.variables import listed, port

ELSEWHERE = {socket.AF_INET: ("198.51.100.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}
"""Addresses kept for documentation. Nothing is sent there: connecting a datagram socket only tells which of our own
addresses would be used.
"""
BOTH = "::"
"""As an address: IPv4 and IPv6."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Everything the engine is told at its start. Times are in seconds."""

    host: str
    port: int
    udp_address: str
    udp_port: int
    advertised: tuple[str, ...]
    """Addresses told to clients: other ones than `udp_address` where a router translates."""
    key: str
    secret: str
    webhook_urls: tuple[str, ...]
    origin: str
    """The page's origin that may call us from a browser; `*` outside production."""
    turn_urls: tuple[str, ...]
    turn_secret: str
    loop: str = "auto"
    """`compiled`, `python`, or `auto`: compiled where it can be built."""
    cpu_limit: float = 0.85
    """Share of one core the engine may use for long before it withholds pictures."""
    grace: float = 15
    ping_interval: int = 2
    ping_timeout: int = 6


def read(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> EngineSettings:
    """Read command line and environment. Raises Invalid, saying what to change."""
    env = os.environ if environ is None else environ
    given = _parser(env).parse_args(arguments)
    secret = env.get("LIVEKIT_API_SECRET", config.DEVELOPMENT_SECRET)
    production = env.get("BACKTOLIFE_ENV") == "production"
    if len(secret) < config.SHORTEST_SECRET:
        raise Invalid(f"LIVEKIT_API_SECRET needs a secret of its own, at least {config.SHORTEST_SECRET} characters.")
    if production:
        config.refuse_weak("LIVEKIT_API_SECRET", secret)
        if env.get("TURN_URLS"):
            config.refuse_weak("TURN_SECRET", env.get("TURN_SECRET", ""))
    elif secret == config.DEVELOPMENT_SECRET and "BACKTOLIFE_ENV" not in env:
        config.refuse_unsaid({"HOST": given.host, **env})
    udp_address = own_address(given.udp_address or given.host)
    advertised = listed(given.public_address) or own_addresses(udp_address)
    _refuse_names(advertised)
    if production:
        config.refuse_media_out_of_reach(env.get("PUBLIC_URL", ""), advertised)
    return EngineSettings(
        host=given.host,
        port=given.port,
        udp_address=udp_address,
        udp_port=given.udp_port,
        advertised=advertised,
        key=env.get("LIVEKIT_API_KEY", config.DEVELOPMENT_MEDIA_KEY),
        secret=secret,
        webhook_urls=listed(env.get("MEDIA_WEBHOOK_URL", "")),
        origin=env.get("PUBLIC_URL", "*").rstrip("/") if production else "*",
        turn_urls=listed(env.get("TURN_URLS", "")),
        turn_secret=env.get("TURN_SECRET", ""),
        loop=given.loop,
        cpu_limit=given.cpu_limit,
        grace=given.grace,
    )


def _parser(env: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m backtolife.sessions.media", description="The embedded media engine."
    )
    host = env.get("HOST") or "127.0.0.1"
    parser.add_argument("--host", default=host, help="where signalling and RoomService listen")
    parser.add_argument("--port", type=_port, default=port(env, "MEDIA_PORT", 7880))
    parser.add_argument("--udp-port", type=_port, default=port(env, "MEDIA_UDP_PORT", 7882))
    parser.add_argument(
        "--udp-address",
        default=env.get("MEDIA_UDP_ADDRESS", ""),
        help="the address media is sent from and received on; 0.0.0.0 for this machine's own, :: for IPv4 and IPv6",
    )
    parser.add_argument(
        "--public-address",
        default=env.get("MEDIA_PUBLIC_ADDRESS", ""),
        help="addresses, comma-separated, that clients reach the UDP port under, where a router translates",
    )
    parser.add_argument("--loop", choices=("auto", "python", "compiled"), default=env.get("MEDIA_LOOP", "auto"))
    parser.add_argument("--cpu-limit", type=float, default=0.85, help="share of a core it may use")
    parser.add_argument("--grace", type=float, default=15, help="seconds a lost client may take to come back")
    return parser


def _port(text: str) -> int:
    try:
        return port({"port": text}, "port", 0)
    except Invalid as error:
        raise argparse.ArgumentTypeError(error.message) from None


def own_address(host: str) -> str:
    """The address to bind for media: `host` itself, or for 0.0.0.0 the one our packets leave from.

    A socket bound to every address may answer from the wrong one; `::` is for machines with one of each kind.
    """
    if host == "0.0.0.0":  # noqa: S104 - compared, not bound
        return _outward(socket.AF_INET) or "127.0.0.1"
    return host if ":" in host else socket.gethostbyname(host)


def own_addresses(udp_address: str) -> tuple[str, ...]:
    """What clients are told of `udp_address`: itself, or for both kinds the outward one of each that there is."""
    if udp_address != BOTH:
        return (udp_address,)
    return tuple(filter(None, map(_outward, ELSEWHERE))) or ("127.0.0.1", "::1")


def _refuse_names(addresses: Sequence[str]) -> None:
    """Browsers are told numbers. Raises Invalid for a name, or for an address that stands for every one."""
    for each in addresses:
        try:
            usable = not ipaddress.ip_address(each).is_unspecified
        except ValueError:
            usable = False
        if not usable:
            raise Invalid(f"MEDIA_PUBLIC_ADDRESS has {each!r}. Use IP addresses that browsers can reach, with commas.")


def _outward(family: socket.AddressFamily) -> str:
    """Our address of this kind that packets to far away leave from; empty where there is none."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(ELSEWHERE[family])
            return str(probe.getsockname()[0])
    except OSError:
        return ""
