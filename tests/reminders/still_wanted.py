"""What the sender asks of one message before it goes."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.reminders.wanted import unwanted


def still_wanted(db: Db, message: OutgoingMessage, now: datetime, *, production: bool = False) -> bool:
    return not unwanted(db, [message], now, production=production)
