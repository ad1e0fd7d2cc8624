"""Everything that waits, sent once: for a command."""

from datetime import datetime

from sqlalchemy import Engine

from backtolife.config import Settings
from backtolife.mail.deciding import Unwanted
from backtolife.mail.sending import ORDINARY, URGENT, Sender
from backtolife.mail.text_sending import TextSender


def send_waiting(engine: Engine, settings: Settings, *, now: datetime, unwanted: Unwanted | None = None) -> int:
    """Send what is due at `now`, the urgent first. Returns how many went."""
    sent = 0
    for lane, kind in ((URGENT, Sender), (URGENT, TextSender), (ORDINARY, Sender), (ORDINARY, TextSender)):
        sender = kind(engine, settings, lane, unwanted)
        sent += sender.send(sender.due(now), now)
        sender.way.close()
    return sent
