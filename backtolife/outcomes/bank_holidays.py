"""The bank holidays of England and Wales, worked out. Days proclaimed for one year are added by hand.

Source: Banking and Financial Dealings Act 1971 and its proclamations, as gov.uk/bank-holidays lists them.
"""

from datetime import date, timedelta

MONDAY, SATURDAY = 0, 5


def england_and_wales(year: int) -> dict[date, str]:
    """The eight days of a year from 1978 on, with a substitute where one falls on a weekend."""
    sunday = easter(year)
    found = {
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        first_monday(year, 5): "Early May bank holiday",
        last_monday(year, 5): "Spring bank holiday",
        last_monday(year, 8): "Summer bank holiday",
    }
    fixed = (
        (date(year, 1, 1), "New Year’s Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    )
    for day, name in sorted(fixed, key=lambda each: each[0].weekday() >= SATURDAY):
        free = day
        while free.weekday() >= SATURDAY or free in found:
            free += timedelta(days=1)
        found[free] = name if free == day else f"{name} (substitute day)"
    return dict(sorted(found.items()))


def first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7)


def last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() - MONDAY) % 7)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)
