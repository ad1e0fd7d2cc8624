"""The way out for mail: one connection for many messages, or the demo's mailbox folder where no host is set."""

import mailbox
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from backtolife.config import Settings

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
MOST_A_CONNECTION = 100
"""Servers close a connection that has carried very many."""
OUT_OF_REACH = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPServerDisconnected,
)


class MailAway(OSError):
    """The mail server cannot be reached, or does not let us in: nothing can be sent just now. Says why, in short."""


class Way:
    """Sends one message after another. Not for several threads at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open: smtplib.SMTP | None = None
        self._carried = 0

    def send(self, mail: EmailMessage) -> None:
        """Raises MailAway without a server, SMTPException when it takes everything but this message."""
        if not self.settings.smtp_host:
            keep_in_mailbox(mail, self.settings)
            return
        if self._open is not None:
            with suppress(MailAway):  # closed while it was idle: once more, with a new one
                self._carry(self._open, mail)
                return
        self._carry(self._connect(), mail)

    def _carry(self, smtp: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            smtp.send_message(mail)
        except (*OUT_OF_REACH, OSError) as error:
            if isinstance(error, smtplib.SMTPException) and not isinstance(error, OUT_OF_REACH):
                raise
            self.drop()
            raise MailAway(reason(error)) from error
        self._carried += 1
        if self._carried >= MOST_A_CONNECTION:
            self.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            self._open, self._carried = greeted(self.settings), 0
        except (OSError, smtplib.SMTPException) as error:
            raise MailAway(reason(error)) from error
        return self._open

    def close(self) -> None:
        """Take leave of the server, when nothing waits any more."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
        self.drop()

    def drop(self) -> None:
        """Let go of a connection that answers no more."""
        if self._open is not None:
            self._open.close()
        self._open = None


def greeted(settings: Settings) -> smtplib.SMTP:
    """A server that has let us in. Raises OSError or SMTPException when none does."""
    smtp = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=CONNECT_SECONDS)
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_SECONDS)
        if settings.smtp_starttls:
            smtp.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            smtp.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def reason(error: Exception) -> str:
    """Why, in a few words: a server's own sentence may hold an address, so only its code is told."""
    code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None) or ""
    return f"{type(error).__name__} {code}".strip()


def keep_in_mailbox(mail: EmailMessage, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(settings.mailbox_dir, create=True).add(mailbox.MaildirMessage(mail))
