"""The people of a download: one row a place in a group that has ended, and what each of them reached."""

from datetime import date

from tests.reporting.recompute.words import number

LEADING = "rmdq_24_total"
STEPS = ("offered", "came", "stayed", "measured")

Row = dict[str, str]


def joined(wide: list[Row], people: list[Row]) -> list[Row]:
    """One row a place in a group that has ended."""
    answers = {row["person"]: row for row in wide}
    return [{**answers[row["person"]], **row} for row in people if row["counted"] == "yes"]


def sessions(row: Row) -> list[float]:
    minutes = [number(row[f"session_{place}_minutes"]) for place in range(1, 10)]
    return [each for each in minutes if each]


def started(rows: list[Row]) -> list[Row]:
    """Those who came to a session."""
    return [row for row in rows if took(row)["came"]]


def score(row: Row, milestone: str, scale: str) -> float | None:
    return number(row.get(f"{milestone}_{scale}_score", ""))


def gain_of(row: Row, scale: str, sign: int, milestone: str = "end") -> tuple[float, float, float] | None:
    before, after = score(row, "baseline", scale), score(row, milestone, scale)
    return None if before is None or after is None else (before, after, round(sign * (after - before), 9))


def led(rows: list[Row]) -> list[tuple[Row, float]]:
    """Those who came, with their change of the leading measure, where both scores are there."""
    return [(row, gain[2]) for row in started(rows) if (gain := gain_of(row, LEADING, -1)) is not None]


def took(row: Row) -> dict[str, bool]:
    stayed = row["completed_on"] != ""
    came = stayed or row["started_on"] != ""
    both = gain_of(row, LEADING, -1) is not None
    return {"offered": True, "came": came, "stayed": stayed, "measured": stayed and both}


def said_yes(row: Row) -> bool:
    return took(row)["came"] or row["accepted_on"] != ""


def steps_of(rows: list[Row]) -> list[int]:
    return [sum(took(row)[step] for row in rows) for step in STEPS]


def named(rows: list[Row], key: str) -> list[str]:
    """The groups, or the quarters, in the order they began."""
    return list(dict.fromkeys(row[key] for row in rows))


def period(rows: list[Row]) -> str:
    first, last = (f"{date.fromisoformat(end(row['first_day'] for row in rows)):%B %Y}" for end in (min, max))
    return f"groups that began {first} to {last}"
