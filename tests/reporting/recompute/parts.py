"""Group by group and quarter by quarter: what each reached, its place among the others, and how it goes on."""

import statistics

from scipy import stats

from tests.reporting.recompute.rows import Row, led, named, steps_of
from tests.reporting.recompute.words import Table, percent, shown

HEAD = ["Group", "Offered a place", "Came to a session", "Came to 6 or more", "Measured", "Both scores", "Mean change"]
QUARTERS = ("January to March", "April to June", "July to September", "October to December")


def part(name: str, rows: list[Row]) -> list[str]:
    """A row with nothing hidden: where a number here is under 5, the page hides it and does not agree."""
    gains = [gain for _, gain in led(rows)]
    return [name, *(str(count) for count in (*steps_of(rows), len(gains))), shown(statistics.fmean(gains))]


def everyone(rows: list[Row]) -> list[str]:
    return part("All groups", rows)


def by_group(rows: list[Row], quarter: str = "") -> Table:
    """Every group, or those that began in one quarter."""
    kept = [row for row in rows if quarter in ("", row["quarter"])]
    return [HEAD, *(part(name, within(kept, "group", name)) for name in named(kept, "group"))]


def by_quarter(rows: list[Row]) -> Table:
    return [HEAD, *(one_quarter(rows, name) for name in named(rows, "quarter")), everyone(rows)]


def one_quarter(rows: list[Row], quarter: str) -> list[str]:
    return part(quarter_words(quarter), within(rows, "quarter", quarter))


def quarter_words(quarter: str) -> str:
    return f"{QUARTERS[int(quarter[-1]) - 1]} {quarter[:4]}"


def within(rows: list[Row], key: str, name: str) -> list[Row]:
    return [row for row in rows if row[key] == name]


def completion(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """How many stayed of how many came, by group."""
    counts = {name: steps_of(within(rows, "group", name)) for name in named(rows, "group")}
    return {name: (stayed, came) for name, (_, came, stayed, _) in counts.items()}


def funnel_plot(rows: list[Row]) -> Table:
    pairs = completion(rows)
    share = together(rows)
    table = [["Name", "Count", "Of", "Value", "95% limits", "Place"]]
    for name, (stayed, came) in pairs.items():
        low, high = lowest(came, share) / came, 1 - lowest(came, 1 - share) / came
        place = "low" if stayed / came < low - 1e-9 else "high" if stayed / came > high + 1e-9 else "inside"
        limits = f"{shown(100 * low, 0)}% to {shown(100 * high, 0)}%"
        table.append([name, str(stayed), str(came), percent(stayed, came), limits, place])
    return table


def together(rows: list[Row]) -> float:
    pairs = completion(rows).values()
    return sum(stayed for stayed, _ in pairs) / sum(came for _, came in pairs)


def lowest(n: int, share: float) -> float:
    """The exact 95% limit of a count at one size, smoothed between whole counts."""
    count = next(k for k in range(n + 1) if stats.binom.cdf(k, n, share) > 0.025)
    above, below = stats.binom.cdf(count, n, share), stats.binom.cdf(count - 1, n, share)
    return float(max(count - (above - 0.025) / (above - below), 0.0))


def over_time(rows: list[Row]) -> tuple[Table, Table]:
    """Completion in per cent and the mean change, a point a group. Nothing is a signal below 12 points."""
    stayed = {name: shown(100 * stayed / came, 0) for name, (stayed, came) in completion(rows).items()}
    gains = {name: part(name, within(rows, "group", name))[-1] for name in stayed}
    assert len(stayed) < 12, "With 12 groups or more there are signals to work out"
    head = ["When", "Value", "Signal"]
    completed, changed = ([head, *([name, value, "none"] for name, value in each.items())] for each in (stayed, gains))
    return completed, changed


def told(rows: list[Row]) -> tuple[str, str]:
    """What those hear who cannot see the pictures: of the funnel plot, and of both that go over time."""
    names = named(rows, "group")
    all_together = f"All together {100 * together(rows):.0f}%. {headings(rows)[0].removeprefix('◆ ')}."
    return all_together, f"{len(names)} values, from {names[0]} to {names[-1]}. Limits need 12."


def headings(rows: list[Row]) -> tuple[str, str]:
    """What stands above the same pictures."""
    outside = sum(row[-1] != "inside" for row in funnel_plot(rows)[1:])
    differ = {0: "None differs", 1: "◆ 1 differs"}.get(outside, f"◆ {outside} differ")
    words = "its size" if outside == 0 else "size"
    return f"{differ} by more than {words} explains", f"{len(named(rows, 'group'))} of the 12 points that limits need"
