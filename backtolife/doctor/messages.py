"""The ways out for mail and texts: spoken to as for a message, and left before one is sent."""

import smtplib
from contextlib import suppress

from backtolife.config import Settings
from backtolife.doctor.findings import Finding
from backtolife.mail.smtp import greeted, reason
from backtolife.mail.texts import TextRefused, TextsAway

LOOK = "Look at SMTP_HOST, SMTP_PORT, SMTP_STARTTLS, SMTP_USER and SMTP_PASSWORD, and at what the server says."


def mail(settings: Settings, to: str) -> Finding:
    """Up to the address, then goodbye. `to` is an address of yours; empty asks for our own."""
    if not settings.smtp_host:
        return Finding("mail", "warn", "No mail leaves: it goes to the demo's mailbox folder.", "Set SMTP_HOST.")
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        smtp = greeted(settings)
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", "wrong", f"{server} does not let us in: {reason(error)}.", LOOK)
    try:
        smtp.ehlo_or_helo_if_needed()
        code, _ = smtp.mail(settings.mail_from)
        if code != 250:
            do = "Have MAIL_FROM allowed there, or set one that is."
            return Finding("mail", "wrong", f"{server} takes no mail from {settings.mail_from} (code {code}).", do)
        code, _ = smtp.rcpt(to or settings.mail_from)
        if code not in {250, 251}:
            do = "Ask whoever runs it whether it relays for this machine; or name an address of yours with --mail-to."
            return Finding("mail", "wrong", f"{server} takes no mail for {to or settings.mail_from} (code {code}).", do)
        smtp.rset()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", "wrong", f"{server} ended the conversation: {reason(error)}.", LOOK)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    return Finding("mail", "ok", f"{server} takes our mail. None was sent.")


def texts(settings: Settings) -> Finding:
    """Ask the provider for our template: that needs the key, and sends nothing."""
    if settings.texts_by != "notify":
        return Finding("texts", "ok", "Text messages are not set up, so nobody can choose them.")
    from backtolife.mail.notify import Notify  # noqa: PLC0415 - it needs an extra, and loads it

    try:
        words = Notify(settings).template_words()
    except TextRefused as error:
        return Finding("texts", "wrong", str(error), "Look at NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID.")
    except TextsAway as error:
        do = "Is the way out to it open, and does it work? https://status.notifications.service.gov.uk"
        return Finding("texts", "wrong", f"{settings.notify_url} does not answer ({error}).", do)
    if words.strip() != "((message))":
        do = "Make a text template there with ((message)) as its only words, and set NOTIFY_TEMPLATE_ID."
        return Finding("texts", "wrong", "The template has other words than ((message)).", do)
    if not settings.notify_callback_token:
        do = "Set NOTIFY_CALLBACK_TOKEN, here and there: without receipts a wrong number stays unnoticed."
        return Finding("texts", "warn", "GOV.UK Notify takes our texts, and never says what became of them.", do)
    return Finding("texts", "ok", "GOV.UK Notify takes our texts. None was sent.")
