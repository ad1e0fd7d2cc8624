"""A mail server of our own: a real SMTP conversation, kept in memory; on request it refuses the first tries."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any, cast

from aiosmtpd.controller import Controller


@dataclass
class Inbox:
    port: int
    refuse: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    peers: set[Any] = field(default_factory=set)
    """The other end of each connection that brought something."""
    on_mail: Callable[[], object] = lambda: None
    """Called while a message is being taken, from the server's thread."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        del server
        self.peers.add(session.peer)
        self.on_mail()
        if self.refuse:
            self.refuse -= 1
            return "451 Try again later"
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=modern)))
        return "250 Kept"


@contextmanager
def mail_server_running(*, plain_letters: bool = False) -> Iterator[Inbox]:
    """`plain_letters`: as the many servers that know no SMTPUTF8."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox(port)
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, ready_timeout=60.0, enable_SMTPUTF8=not plain_letters
    )
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
