"""How backups are called, and which of them are kept."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from backtolife.errors import Invalid

Kind = Literal["full", "database"]
NAME = re.compile(r"backtolife-(\d{8}T\d{6}Z)-(full|database)\.age")
STAMP = "%Y%m%dT%H%M%SZ"
BUCKETS: dict[str, Callable[[datetime], object]] = {
    "last": lambda at: at,
    "hourly": lambda at: (at.date(), at.hour),
    "daily": lambda at: at.date(),
    "weekly": lambda at: at.isocalendar()[:2],
    "monthly": lambda at: (at.year, at.month),
}
"""What counts as one for each part of a rule; days and hours are those of UTC."""
HOW = f"Use parts such as last=12,hourly=24,daily=14,weekly=8 ({', '.join(BUCKETS)}), or all."


@dataclass(frozen=True, order=True)
class Named:
    """What an archive's name says."""

    made_at: datetime
    kind: Kind

    @property
    def name(self) -> str:
        return f"backtolife-{self.made_at.astimezone(UTC):{STAMP}}-{self.kind}.age"


def named(name: str) -> Named | None:
    """What the name of a file says; None when it is none of our archives."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        made_at = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    kind: Kind = "full" if found[2] == get_args(Kind)[0] else "database"
    return Named(made_at, kind)


def keep_rule(text: str) -> Mapping[str, int]:
    """How many of each part are kept; nothing at all means that every backup is. Raises Invalid for anything else."""
    if text.strip() == "all":
        return {}
    rule = {}
    for part in text.split(","):
        name, _, many = part.strip().partition("=")
        if name not in BUCKETS or not many.isdecimal() or not many.isascii() or not 0 < int(many[:9]) < 10_000:
            raise Invalid(f"{part.strip()!r} says not which backups are kept. {HOW}")
        rule[name] = int(many)
    return rule


def gone(archives: Collection[Named], rule: Mapping[str, int]) -> set[Named]:
    """Those that the rule keeps no more. Of each kind the newest stays, whatever the rule says."""
    if not rule:
        return set()
    stays: set[Named] = set()
    for kind in get_args(Kind):
        newest_first = sorted((each for each in archives if each.kind == kind), reverse=True)
        stays.update(newest_first[:1])
        for part, many in rule.items():
            stays.update(newest_of_each(newest_first, BUCKETS[part], many))
    return set(archives) - stays


def newest_of_each(newest_first: list[Named], bucket: Callable[[datetime], object], many: int) -> Iterator[Named]:
    seen: set[object] = set()
    for each in newest_first:
        found = bucket(each.made_at)
        if found not in seen and len(seen) < many:
            seen.add(found)
            yield each
