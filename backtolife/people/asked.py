"""What somebody asks of a list: words to look for, an order, a page. Asked by POST: names stay out of addresses."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlalchemy.orm import Mapped

from backtolife.errors import Invalid
from backtolife.people.numbers import dialled
from backtolife.text.characters import in_one_form

LONGEST = 100
MOST_WORDS = 6
MOST_PAGES = 10_000


@dataclass(frozen=True)
class Asked:
    """`sort` is a key of the list's orders; `page` counts from 1."""

    typed: str = ""
    sort: str = ""
    page: int = 1

    @property
    def words(self) -> list[str]:
        """What to look for: each of these words is in a row that is shown."""
        return self.typed.split()[:MOST_WORDS]


def asked_here(sorts: Mapping[str, str]) -> Asked:
    """What this request asks of a list with these orders, of which the first is the usual one."""
    usual = next(iter(sorts))
    try:
        typed = " ".join(in_one_form("NFC", request.form.get("words", "")).split())[:LONGEST]
    except Invalid:
        typed = ""
    sort, page = request.form.get("sort", usual), request.form.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Asked(typed, sort if sort in sorts else usual, min(max(number, 1), MOST_PAGES))


def has_words(words: list[str], *columns: Mapped[str]) -> ColumnElement[bool]:
    """The condition on rows that each word is part of one of these columns, whatever its capitals.

    SQLite knows capitals of A to Z only, so that a word is also tried with a capital letter and in capitals alone.
    """
    return and_(
        true(),
        *(
            or_(
                *(
                    column.icontains(form, autoescape=True)
                    for column in columns
                    for form in dict.fromkeys((word, word.lower(), word.capitalize(), word.upper()))
                )
            )
            for word in words
        ),
    )


def has_number(typed: str, phone: Mapped[str]) -> ColumnElement[bool]:
    """The condition on rows that what was typed is a part of this telephone number, however either was written."""
    number = dialled(typed)
    return func.replace(phone, " ", "").contains(number) if number else false()
