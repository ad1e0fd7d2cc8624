"""What systemd is told by a process of `Type=notify`: that it serves, that it lives, that it stops."""

import os
import socket
import time
from collections.abc import MutableMapping
from contextlib import suppress

NAME = "NOTIFY_SOCKET"
PING_EVERY_SECONDS = 1.0


class Told:
    """Sends datagrams of one line to the socket that systemd named, and nothing where it named none."""

    def __init__(self) -> None:
        self.address = ""
        self.served = False
        self.pinged_at = float("-inf")

    def take(self, environ: MutableMapping[str, str] | None = None) -> None:
        """Take the socket out of the environment: what we start, and what starts us, must not speak for us."""
        self.address = (os.environ if environ is None else environ).pop(NAME, "")

    def serves(self) -> None:
        """We do our work from now on."""
        if not self.served:
            self.served = True
            self.say("READY=1")

    def lives(self) -> None:
        """To be called from the loop that must not hang. systemd starts us anew when nothing is heard for long."""
        if self.address and time.monotonic() - self.pinged_at > PING_EVERY_SECONDS:
            self.pinged_at = time.monotonic()
            self.say("WATCHDOG=1")

    def stops(self) -> None:
        self.say("STOPPING=1")

    def say(self, line: str) -> None:
        """Without waiting: a word that is lost is said again."""
        if not self.address:
            return
        to = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
            way.setblocking(False)
            way.sendto(line.encode(), to)


told = Told()
"""Of this process, and of the worker that gunicorn forks from it."""
