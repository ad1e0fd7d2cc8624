"""A calendar file in an e-mail, so that mail programs offer what to do with it."""

import re
from email.message import EmailMessage

NAME = "dates.ics"
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
ABOUT_ONE = frozenset({"REQUEST", "CANCEL"})
"""What a mail program may do by itself, beside the words; the file is there for those that do not."""


def attach_calendar(mail: EmailMessage, calendar: str) -> None:
    """Put the file into the mail, byte for byte: the standard wants its own line ends."""
    found, data = METHOD.search(calendar), calendar.encode()
    method = found[1] if found else "PUBLISH"
    params = {"method": method, "charset": "utf-8"}
    if method in ABOUT_ONE:
        mail.add_alternative(data, maintype="text", subtype="calendar", params=params)
        mail.add_attachment(data, maintype="application", subtype="ics", filename=NAME)
    else:
        mail.add_attachment(data, maintype="text", subtype="calendar", filename=NAME, params=params)
