"""Mail that was taken and came back: a report of a mail server (RFC 3464) says which message it was, and why."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words
from backtolife.mail.smtp_reason import NO_SUCH_PLACE, NOT_TAKEN

OURS = re.compile(r"\.([0-9a-f]{32})@")
"""Where the id of a message stands in the Message-ID that we gave it."""
NO_ADDRESS = re.compile(r"5\.1\.\d+")
FAILED = "failed"
CODE = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """The message of ours that came back, and why, in words for staff."""

    message_id: str
    trouble: str


def read_bounce(raw: bytes) -> Bounce | None:
    """What a report says; None for what is no report, is about a delay, or is about no message of ours."""
    report = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(report.walk())
    statuses = (part for part in parts if part.get_content_type() == "message/delivery-status")
    reports = (block for part in statuses for block in blocks(part))
    failed = next((each for each in reports if str(each["Action"] or "").strip().lower() == FAILED), None)
    about = next((found for part in parts if (found := our_id(part, report))), "")
    if failed is None or not about:
        return None
    code = CODE.search(str(failed["Status"] or ""))
    words = NO_SUCH_PLACE if code and NO_ADDRESS.fullmatch(code[0]) else NOT_TAKEN
    return Bounce(about, words.format(code=code[0] if code else "unknown"))


def blocks(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def our_id(part: Message, report: EmailMessage | Message) -> str:
    """The id in the Message-ID of the mail that came back, whole or its headers alone; of the report itself never."""
    if part is report:
        return ""
    said = str(part["Message-ID"] or "")
    if part.get_content_type() == "text/rfc822-headers":
        said = str(email.message_from_string(str(part.get_payload()))["Message-ID"] or "")
    found = OURS.search(said)
    return found[1] if found else ""


def take_bounce(db: Db, bounce: Bounce) -> bool:
    """The message did not arrive, as if the server had refused it at once. Returns whether that is news.

    What was seen to meanwhile, or is on its way once more, stays as it is.
    """
    message = db.get(OutgoingMessage, bounce.message_id, with_for_update=True, populate_existing=True)
    if message is None or message.channel is not Channel.EMAIL or message.state is not MessageState.SENT:
        return False
    message.state, message.trouble = MessageState.FAILED, bounce.trouble
    forget_words(message)
    return True
