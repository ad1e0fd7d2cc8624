"""A movement's file says what is wrong with it: file, line and rule."""

import pytest

from backtolife.errors import Invalid
from backtolife.programme.figures.pose import Limb
from backtolife.programme.figures.reading import read_file
from backtolife.programme.plan.yaml_lines import compose

POSITION = """positions:
  stand:
    hip: [150, 129]
    arms: [{angles: [176, 170]}, {hand: [170, 162]}]
    legs: [{to: [148, 207]}, {points: [157, 180, 157, 207], foot: 20}]
"""
DRAWING = POSITION + "drawings:\n  ex-one:\n    says: Someone stands.\n    poses:\n"


def test_a_position_is_another_one_with_something_changed() -> None:
    drawing = read_file(compose(DRAWING + "      - stand\n      - {from: stand, legs: [same, {to: [1, 2]}]}\n", "one"))
    first, second = drawing["ex-one"].poses
    assert first.arms == (Limb("angles", (176, 170)), Limb("to", (170, 162), -1))
    assert first.legs == (Limb("to", (148, 207)), Limb("points", (157, 180, 157, 207), end=20))
    assert second == first.but(legs=(first.legs[0], Limb("to", (1, 2))))


@pytest.mark.parametrize(
    ("pose", "rule"),
    [
        ("sit", "there is no position 'sit' above"),
        ("{from: stand, lgs: []}", "lgs is not a known name here"),
        ("{from: stand, legs: [same]}", "expected two limbs"),
        ("{from: stand, legs: [same, {to: [1]}]}", "expected 2 numbers"),
        ("{from: stand, legs: [same, {to: [1, .inf]}]}", "expected a number"),
        ("{from: stand, legs: [same, {to: [1, 2], hand: [1, 2]}]}", "expected one of"),
        ("{from: stand, low: true}", "expected a number"),
        ("{hip: [1, 2], arms: [same, same]}", "expected a limb"),
        ("{hip: [1, 2]}", "arms is missing"),
    ],
)
def test_a_fault_is_refused_with_its_line(pose: str, rule: str) -> None:
    with pytest.raises(Invalid, match="one, line 10: ") as refused:
        read_file(compose(f"{DRAWING}      - {pose}\n", "one"))
    assert rule in refused.value.message


def test_what_stands_around_and_is_held_must_be_something_we_can_draw() -> None:
    for line in ("things: {piano: 3}", "held: cat", "view: below"):
        with pytest.raises(Invalid):
            read_file(compose(f"{DRAWING}      - stand\n    {line}\n", "one"))
