"""Why a mail did not go, as the server said it, fit for a log: without the address and the words of the mail."""

import re
import smtplib

LONGEST = 200
NO_SUCH_PLACE = "The mail server does not take mail for this address (code {code}). Ask for another address."
NOT_TAKEN = "The mail server does not take this message (code {code})."
TOO_LONG = "The mail server could not be reached, or put us off, for a whole day ({kind})."
LONGEST_READ = 2000
"""Of what a server says: looking for addresses takes the square of it."""
ADDRESS = re.compile(r"\S*@\S*|https?://\S+")
WORD = re.compile(r"\w+")
TOGETHER = 3
"""So many words in a row that also stand in the mail are taken for a piece of it."""
HIDDEN = "…"


def reason_without(error: Exception, *private: str) -> dict[str, str | int]:
    """The server's code, where there is one, and its text, without anything of `private` in it."""
    code, text = said(error)
    return {**({"code": code} if code else {}), "reason": without(text, private)[:LONGEST]}


def said(error: Exception) -> tuple[int, str]:
    """Code and text of what went wrong. Of several refused recipients the first: we write to one at a time."""
    given: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, given = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, given = error.smtp_code, error.smtp_error
    else:
        return 0, getattr(error, "strerror", None) or str(error)
    return int(code), given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)


def without(text: str, private: tuple[str, ...]) -> str:
    """`text` with addresses, and with pieces of what is private, hidden; of a long one the beginning."""
    text = ADDRESS.sub(HIDDEN, text[:LONGEST_READ])
    for each in private:
        for piece in {each.strip(), each.strip().partition("@")[0]} - {""}:
            text = re.sub(re.escape(piece), HIDDEN, text, flags=re.IGNORECASE)
    kept = {run for each in private for run in runs(WORD.findall(each.casefold()))}
    words = list(WORD.finditer(text))
    hidden = [False] * len(words)
    for start, run in enumerate(runs([word[0].casefold() for word in words])):
        if run in kept:
            hidden[start : start + TOGETHER] = [True] * TOGETHER
    for word, hide in reversed(list(zip(words, hidden, strict=True))):
        if hide:
            text = text[: word.start()] + HIDDEN + text[word.end() :]
    return " ".join(text.split())


def runs(words: list[str]) -> list[tuple[str, ...]]:
    """Every `TOGETHER` words in a row."""
    return [tuple(words[start : start + TOGETHER]) for start in range(len(words) - TOGETHER + 1)]


def for_good(error: Exception) -> bool:
    """Whether the server will never take this one: it knows no such address, or does not want this message.

    Refusing our own name is a fault of ours, which somebody mends, and then the message goes.
    """
    if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return False
    return said(error)[0] // 100 == 5


def in_words(error: Exception) -> str:
    """Why it did not go, for staff; a server's own sentence may hold an address, so only its code is told."""
    code, _ = said(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return NO_SUCH_PLACE.format(code=code)
    if isinstance(error, smtplib.SMTPDataError):
        return NOT_TAKEN.format(code=code)
    kind = f"{type(error).__name__} {code or ''}".strip()
    return TOO_LONG.format(kind=kind)
