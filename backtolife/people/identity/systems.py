"""The systems that number people, as data: what each is called and which numbers of it can be true. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from backtolife.errors import Invalid
from backtolife.people.numbers import plain

LONGEST = 30
NHS_WEIGHTS = range(10, 1, -1)
FINNISH_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
FINNISH_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}


@dataclass(frozen=True)
class IdentifierSystem:
    """One system. `kept` gives a number as we keep it; it raises ValueError for one that cannot be true."""

    key: str
    label: str
    hint: str
    wrong: str
    kept: Callable[[str], str]

    def checked(self, typed: str) -> str:
        """The number as we keep it; empty stays empty. Raises Invalid, naming the field, for one that is wrong."""
        if not typed.strip():
            return ""
        try:
            return self.kept(plain(typed).strip())
        except (ValueError, Invalid):
            raise Invalid(self.wrong, field_of(self.key)) from None


def field_of(key: str) -> str:
    """The name of the field in which a number of this system is typed."""
    return f"identifier_{key}"


def digits_of(typed: str, many: int) -> str:
    digits = re.sub(r"[ \-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{many}}}", digits):
        raise ValueError(typed)
    return digits


def nhs_number(typed: str) -> str:
    """Ten digits, the last of which follows from the others (modulus 11)."""
    digits = digits_of(typed, 10)
    check = 11 - sum(weight * int(each) for weight, each in zip(NHS_WEIGHTS, digits, strict=False)) % 11
    if check == 10 or check % 11 != int(digits[-1]) or len(set(digits)) == 1:
        raise ValueError(typed)
    return digits


def danish_cpr(typed: str) -> str:
    """DDMMYYNNNN with a real date. The old check digit is not asked for: since 2007 numbers are given without it."""
    digits = digits_of(typed, 10)
    day, month, year, seventh = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6])
    date(danish_century(year, seventh) + year, month, day)
    return f"{digits[:6]}-{digits[6:]}"


def danish_century(year: int, seventh: int) -> int:
    if seventh <= 3 or (seventh in (4, 9) and year >= 37):
        return 1900
    return 2000 if seventh in (4, 9) or year <= 57 else 1800


def finnish_code(typed: str) -> str:
    """DDMMYYCZZZQ: a real date by the sign of its century, and a last letter that follows from the rest."""
    code = re.sub(r" ", "", typed).upper()
    found = re.fullmatch(r"(\d\d)(\d\d)(\d\d)([+\-A-FU-Y])(\d{3})([0-9A-Y])", code)
    if found is None:
        raise ValueError(typed)
    day, month, year, sign, own, letter = found.groups()
    date(FINNISH_CENTURIES[sign] + int(year), int(month), int(day))
    if int(own) < 2 or FINNISH_LETTERS[int(day + month + year + own) % 31] != letter:
        raise ValueError(typed)
    return code


def local_number(typed: str) -> str:
    """Whatever a hospital uses: letters, digits and a few signs."""
    if len(typed) > LONGEST or not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z ./\-]*", typed):
        raise ValueError(typed)
    return typed.upper()


SYSTEMS = {
    each.key: each
    for each in (
        IdentifierSystem(
            "nhs_number",
            "NHS number",
            "Ten digits, like 943 476 5919",
            "This is not an NHS number: check each digit. It has ten, like 943 476 5919",
            nhs_number,
        ),
        IdentifierSystem(
            "cpr",
            "CPR number",
            "Ten digits that begin with the date of birth, like 070761-4285",
            "This is not a CPR number: check each digit. It has ten, like 070761-4285",
            danish_cpr,
        ),
        IdentifierSystem(
            "hetu",
            "Finnish personal identity code",
            "Date of birth, a sign, three digits and a letter or digit, like 131052-308T",
            "This is not a personal identity code: check each sign. It looks like 131052-308T",
            finnish_code,
        ),
        IdentifierSystem(
            "hospital_number",
            "Hospital number",
            "The number that your hospital uses",
            f"Use letters, digits, spaces and the signs . / -, at most {LONGEST} characters",
            local_number,
        ),
    )
}
USUAL = {"Europe/London": ("nhs_number",), "Europe/Copenhagen": ("cpr",), "Europe/Helsinki": ("hetu",)}


def usual_in(zone: str) -> tuple[str, ...]:
    """Which systems a service in this time zone begins with."""
    return (*USUAL.get(zone, ()), "hospital_number")


def systems_in(keys: Collection[str]) -> tuple[IdentifierSystem, ...]:
    """The systems of these keys, in the order of the catalogue."""
    return tuple(each for key, each in SYSTEMS.items() if key in keys)
