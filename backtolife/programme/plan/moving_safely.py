"""What the exercise library says about moving safely, beside its exercises: when to start, stop, and call for help."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backtolife.programme.plan.loading import SHIPPED
from backtolife.programme.plan.yaml_lines import read_yaml

URGENT = ("call_999", "go_to_ae_or_call_999", "call_111")


@dataclass(frozen=True)
class Urgent:
    """Something to do at once, and the signs for it."""

    title: str
    signs: tuple[str, ...]


@dataclass(frozen=True)
class MovingSafely:
    """All of it for patients, in the order of the page. `pain` pairs a signal (green, amber, red) with its words."""

    how_to_use: str
    promise: str
    pain: tuple[tuple[str, str], ...]
    stop_and_tell_us: tuple[str, ...]
    urgent: tuple[Urgent, ...]
    not_today: tuple[str, ...]
    check_first: tuple[str, ...]


@cache
def moving_safely() -> MovingSafely:
    """What comes with the product, read once."""
    return read_moving_safely(SHIPPED, "exercises.yaml")


def read_moving_safely(root: Path, name: str) -> MovingSafely:
    """The library's words on safety. Raises Invalid, naming file, line and rule, when one is missing."""
    document = read_yaml(root / name, root)
    rules = document.at("stop_rules")
    return MovingSafely(
        how_to_use=document.text("how_to_use"),
        promise=rules.text("promise"),
        pain=tuple((each.text("signal"), each.text("words")) for each in document.each("pain_guide", at_least=1)),
        stop_and_tell_us=rules.texts("stop_and_tell_us", at_least=1),
        urgent=tuple(Urgent(rules.text(f"{key}_title"), rules.texts(key, at_least=1)) for key in URGENT),
        not_today=rules.texts("not_today", at_least=1),
        check_first=document.texts("who_should_check_first", at_least=1),
    )
