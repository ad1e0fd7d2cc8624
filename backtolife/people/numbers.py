"""How people write phone numbers and codes, and how we keep them: one rule each, for every place they are typed."""

import re
import unicodedata

from backtolife.errors import Invalid
from backtolife.text.characters import in_one_form

LONGEST_KEPT = 20
FEWEST_DIGITS, MOST_DIGITS = 6, 15
"""The shortest number of a place with an own code, and the longest that E.164 allows."""
PHONE_HELP = "Enter a phone number, like 01632 960001"
CODE_HELP = "Enter all six digits"
CODE_DIGITS = 6
UK_MOBILE = re.compile(r"(?:0|\+44|0044)7(?:[1-57-9]\d{8}|624\d{6})")
"""Not 070, which are forwarded, nor 076, which are pagers, but for the Isle of Man."""
IN_FRONT = re.compile(r"^(?:(?:\+|00)44)?[\s(]*0?[\s)]*")
"""What a number of the country has in front of it, which depends on from where it is dialled."""
FEWEST_LOOKED_FOR = 4
ABROAD = re.compile(r"\+(?!44)[1-9]\d{6,14}")
TWO_NUMBERS = re.compile(r"(?<=\d)\s*(?:[/,;|&\n]|\bor\b|\band\b)\s*(?=[+(]?\d)", re.IGNORECASE)


def plain(typed: str) -> str:
    """What was typed with every digit as 0 to 9, every dash as -, every space as one, and no invisible marks.

    Raises Invalid for what is far too long.
    """
    text = in_one_form("NFKC", typed)
    return " ".join("".join(map(plain_character, text)).split())


def plain_character(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "\u2212":
        return "-"
    return "" if kind == "Cf" else " " if kind in ("Zs", "Zl", "Zp", "Cc") else character


def phone_kept(typed: str) -> str:
    """The phone number as we keep it: digits, with a plus in front where there was one, and single spaces.

    Of two numbers the first is kept. Empty stays empty. Raises Invalid for what nobody could ring.
    """
    numbers = split_numbers(plain(typed))
    if not numbers:
        return ""
    number = re.sub(r"^\s*(?:tel(?:ephone)?|phone|mobile|mob)\b[.:]?\s*", "", numbers[0], flags=re.IGNORECASE)
    number = re.sub(r"\s*(?:ext(?:ension)?\.?|x)\s*\d{1,5}$", "", number, flags=re.IGNORECASE)
    if not re.fullmatch(r"\+?[\d ().\-/]+", number):
        raise Invalid(PHONE_HELP, "phone")
    kept = " ".join(re.sub(r"[().\-/]", " ", number).replace("+", " +").split()).replace("+ ", "+")
    if kept.startswith(("+44 0 ", "+44 0")):
        kept = re.sub(r"^\+44 0 ?", "+44 ", kept)
    if not FEWEST_DIGITS <= sum(map(str.isdigit, kept)) <= MOST_DIGITS:
        raise Invalid(PHONE_HELP, "phone")
    return kept if len(kept) <= LONGEST_KEPT else kept.replace(" ", "")


def dialled(typed: str) -> str:
    """The digits by which a number is found however it was written, with +44, 0044 or 0 in front, or only a part of it.

    Empty for what is no number, or too short to be looked for.
    """
    if not re.fullmatch(r"[+\d\s().\-/]+", typed) or sum(map(str.isdigit, typed)) < FEWEST_LOOKED_FOR:
        return ""
    return re.sub(r"[^0-9]", "", IN_FRONT.sub("", typed.strip()))


def split_numbers(text: str) -> list[str]:
    """One number, or both where somebody gave two: each of two is long enough to be one."""
    parts = [part for part in TWO_NUMBERS.split(text) if part.strip()]
    if len(parts) > 1 and all(sum(map(str.isdigit, part)) >= 8 for part in parts):
        return parts
    return [text] if text else []


def code_kept(typed: str) -> str:
    """The six digits of a code however they were typed. Raises Invalid when there are more or fewer."""
    code = re.sub(r"[ .\-]", "", plain(typed))
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code):
        raise Invalid(CODE_HELP, "code")
    return code


def text_number(phone: str) -> str:
    """The kept number as a text message is sent to it; empty for one that takes none.

    Of numbers of the United Kingdom mobile ones take texts; of one from abroad, with its plus, nobody here can tell.
    """
    digits = re.sub(r"[^\d+]", "", phone)
    if UK_MOBILE.fullmatch(digits):
        return f"+44{digits[-10:]}"
    return digits if ABROAD.fullmatch(digits) else ""
