"""E-mail addresses as we keep them and as a mail server takes them."""

import unicodedata

import idna

from backtolife.errors import Invalid
from backtolife.text.characters import in_one_form

CANNOT_SEND = "We cannot send e-mail to an address with letters like ë before the @. Ask for another address."
NO_SUCH_PLACE = "Enter an e-mail address in the right format, like name@example.com"


def address_kept(typed: str) -> str:
    """The address in small letters, its domain as mail servers know it (bücher.example is xn--bcher-kva.example).

    Empty stays empty. Raises Invalid for an address that no mail of ours can reach: many mail servers take only plain
    letters before the @, and a message that is accepted here must not get lost on its way.
    """
    text = in_one_form("NFKC", typed, field="email")
    address = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Zs", "Cc"))
    name, _, domain = address.lower().rpartition("@")
    if not address:
        return ""
    if not name or not domain:
        raise Invalid(NO_SUCH_PLACE, "email")
    if not name.isascii():
        raise Invalid(CANNOT_SEND, "email")
    if domain.isascii():
        return f"{name}@{domain}"
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise Invalid(NO_SUCH_PLACE, "email") from None
