"""`python -m backtolife.sessions.rehearsal`: the simulated people of one rehearsal. The web process starts it and
gives it its orders; it ends with the rehearsal, and at once when whoever started it is gone.
"""

import asyncio
import os
import signal
import sys

import structlog

from backtolife.errors import BacktolifeError, Invalid
from backtolife.processes.logs import configure_logs
from backtolife.sessions.rehearsal.orders import read_orders, read_press
from backtolife.sessions.rehearsal.person import WENT_WRONG
from backtolife.sessions.rehearsal.scene import Scene

log = structlog.get_logger(__name__)
LONGEST_LINE = 1 << 18
GIVES_WAY = 5
"""By how much the process is nicer than the site's own: real groups come first."""


def main() -> int:
    """0 when the rehearsal came to its end, 1 when it could not go on, 2 without orders."""
    configure_logs()
    os.nice(GIVES_WAY)
    try:
        return asyncio.run(run())
    except Invalid as error:
        log.error("rehearsal_without_orders", why=error.message)
        return 2
    except WENT_WRONG as error:
        log.error("rehearsal_stopped", kind=type(error).__name__, why=str(error))
        return 1


async def run() -> int:
    lines = await standard_input()
    scene = Scene(read_orders((await lines.readline()).decode()))
    playing = asyncio.ensure_future(scene.play())
    listening = asyncio.ensure_future(listen(lines, scene))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, listening.cancel)
    await asyncio.wait({playing, listening}, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    if not playing.done():
        playing.cancel()
        await asyncio.wait({playing})
        return 0
    await playing
    return 0


async def listen(lines: asyncio.StreamReader, scene: Scene) -> None:
    """Do what is pressed, until the pipe closes."""
    while line := await lines.readline():
        try:
            scene.practise(read_press(line.decode()))
        except BacktolifeError as error:
            log.warning("rehearsal_press_refused", why=error.message)


async def standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


if __name__ == "__main__":
    sys.exit(main())
