"""The way out for text messages. A provider is one small class with these two calls."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from backtolife import clock
from backtolife.config import Settings
from backtolife.mail.smtp import keep_in_mailbox

BEFORE_NUMBER = "."


class TextRefused(Exception):
    """The provider will never take this text. Says why, in words for staff, without the number and the text."""


class TextsAway(Exception):
    """The provider cannot be reached, or asks us to wait. Says why, in short."""


class TextCarrier(Protocol):
    def send(self, *, number: str, words: str, reference: str) -> str:
        """Hand over one text. Returns the provider's id of it. Raises TextRefused or TextsAway."""
        ...

    def sent_before(self, reference: str) -> str:
        """The provider's id of a text that it took under `reference` and that has not failed; empty without one."""
        ...


def reference_of(message_id: str, number: str) -> str:
    """Under which name a text to this number is given to a provider: to a corrected number it is another text."""
    return f"{message_id}{BEFORE_NUMBER}{hashlib.sha256(number.encode()).hexdigest()[:12]}"


def message_of(reference: str) -> str:
    """The id of the message behind a reference."""
    return reference.partition(BEFORE_NUMBER)[0]


@dataclass(frozen=True)
class MailboxTexts:
    """Keeps texts beside the mails of a machine that sends none, such as the demo's."""

    settings: Settings

    def send(self, *, number: str, words: str, reference: str) -> str:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.settings.mail_from, number, "Text message"
        mail["Date"] = format_datetime(clock.now())
        mail.set_content(words)
        keep_in_mailbox(mail, self.settings)
        return reference

    def sent_before(self, reference: str) -> str:
        del reference
        return ""


def notify(settings: Settings) -> TextCarrier:
    from backtolife.mail.notify import Notify  # noqa: PLC0415 - it needs an extra, and loads it

    return Notify(settings)


PROVIDERS: dict[str, Callable[[Settings], TextCarrier]] = {"notify": notify, "mailbox": MailboxTexts}
"""By the name that `Settings.texts_by` gives: another provider is one more line and one class."""


def carrier_for(settings: Settings) -> TextCarrier | None:
    """Who takes our texts; None where nobody does."""
    provider = PROVIDERS.get(settings.texts_by)
    return provider(settings) if provider is not None else None
