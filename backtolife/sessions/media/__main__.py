"""`python -m backtolife.sessions.media`: the media engine as a process of its own."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiohttp import web

from backtolife.errors import BacktolifeError, Conflict
from backtolife.processes.logs import configure_logs
from backtolife.processes.memory import settle_memory
from backtolife.processes.supervisor_told import told
from backtolife.sessions.media import settings as engine_settings
from backtolife.sessions.media.rooms.engine import Engine
from backtolife.sessions.media.server.http import LONGEST_LINE, REQUEST_WITHIN, create_server

log = structlog.get_logger()
ALIVE_EVERY = 2.0


async def serve(settings: engine_settings.EngineSettings) -> None:
    """Run until SIGTERM or SIGINT, then stop cleanly. Raises Conflict when a port is taken."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = Engine(settings)
    runner = web.AppRunner(
        create_server(engine),
        access_log=None,
        max_line_size=LONGEST_LINE,
        shutdown_timeout=1.0,
        keepalive_timeout=REQUEST_WITHIN,
    )
    await runner.setup()
    settle_memory()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            message = f"Port {settings.port} on {settings.host} cannot be used: {error.strerror}. Choose another."
            raise Conflict(message) from None
        log.info(
            "media engine started",
            host=settings.host,
            port=settings.port,
            udp_address=settings.udp_address,
            udp_port=engine.socket.port,
            loop=engine.forwarding.name,
        )
        await until_stopped(stop)
    finally:
        told.stops()
        await engine.close()
        await runner.cleanup()


async def until_stopped(stop: asyncio.Event) -> None:
    """Tell systemd from the loop that carries everybody's sound that it goes round."""
    told.serves()
    while not stop.is_set():
        told.lives()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), ALIVE_EVERY)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the engine with the options of `argv`, by default those of the command line; the environment has the rest."""
    configure_logs()
    told.take()
    try:
        asyncio.run(serve(engine_settings.read(argv)))
    except BacktolifeError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
