"""Reading the library's movements from their files: `movements/sitting.yaml` and its two brothers.

A file names the positions that its drawings start from, then the drawings. A position gives `hip` as a point, `arms`
and `legs` as (near, far) and directions in degrees (0 is up, 90 to the right); `from` takes over another position, and
`same` one of its limbs. A limb is one of

- `angles`: the directions of its two bones;
- `to`: where the ankle or wrist is, the joint between bending forwards; `hand`: the same, bending backwards;
- `points`: where its middle and its end are seen, for a limb that points at us;

with `foot`, the direction of the foot, where it is not the usual one. The paper is 320 wide and 230 high.
"""

from collections.abc import Mapping
from pathlib import Path

from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.geometry import Point
from backtolife.programme.figures.pose import Limb, Pose
from backtolife.programme.figures.things import HELD, THINGS
from backtolife.programme.plan.yaml_lines import Marked, read_yaml

FOLDER = Path(__file__).resolve().parent / "movements"
VIEWS = ("side", "front", "above", "front_above")
NUMBERS_OF = {"angles": 2, "to": 2, "hand": 2, "points": 4}
FOOT = {"angles": 90.0, "to": 90.0, "hand": 90.0, "points": 180.0}
SAME = "same"
LIMBS, DIRECTIONS = ("arms", "legs"), ("low", "high", "head", "turn", "shrug")
Positions = Mapping[str, Pose]


def read_movements(way: str) -> dict[str, Drawing]:
    """Every drawing of one way, by the exercise's id. Raises Invalid naming file, line and rule."""
    return read_file(read_yaml(FOLDER / f"{way}.yaml", FOLDER))


def read_file(document: Marked) -> dict[str, Drawing]:
    document.only(("positions", "drawings"))
    positions: dict[str, Pose] = {}
    for name, entry in document.keyed("positions"):
        positions[name] = read_pose(entry, positions)
    return {exercise: read_drawing(entry, positions) for exercise, entry in document.keyed("drawings")}


def read_drawing(entry: Marked, positions: Positions) -> Drawing:
    entry.only(("says", "view", "poses", "things", "before", "held", "arrows", "shown", "seconds"))
    poses = tuple(read_pose(each, positions) for each in entry.each("poses", at_least=1))
    return Drawing(
        says=entry.text("says"),
        poses=poses,
        view=entry.choice("view", VIEWS) if entry.has("view") else "side",
        things=read_things(entry, "things"),
        before=read_things(entry, "before"),
        held=entry.choice("held", [name for name in HELD if name]) if entry.has("held") else "",
        arrows=tuple(tuple(point(each) for each in arrow.items()) for arrow in entry.each("arrows")),
        shown=entry.whole("shown", 0, len(poses) - 1, default=min(1, len(poses) - 1)),
        seconds=entry.whole("seconds", 1, 60, default=6),
    )


def read_things(entry: Marked, name: str) -> tuple[tuple[str, float], ...]:
    if not entry.has(name):
        return ()
    entry.at(name).only(THINGS)
    return tuple((thing, where.as_number()) for thing, where in entry.keyed(name))


def read_pose(entry: Marked, positions: Positions) -> Pose:
    """A position: the name of one, or what is different from it; without `from`, all of it."""
    if entry.is_one_value:
        return named(entry, positions)
    entry.only(("from", "hip", *LIMBS, *DIRECTIONS))
    start = named(entry.at("from"), positions) if entry.has("from") else None
    changes: dict[str, object] = {name: entry.at(name).as_number() for name in DIRECTIONS if entry.has(name)}
    if start is None or entry.has("hip"):
        changes["hip"] = point(entry.at("hip"))
    for name in LIMBS:
        if start is None or entry.has(name):
            changes[name] = read_limbs(entry.at(name), getattr(start, name) if start else None)
    return start.but(**changes) if start else Pose(**changes)  # type: ignore[arg-type]


def named(entry: Marked, positions: Positions) -> Pose:
    found = positions.get(entry.as_text())
    if found is None:
        entry.refuse(f"there is no position {entry.as_text()!r} above. Known: {', '.join(positions)}.")
    return found


def read_limbs(entry: Marked, start: tuple[Limb, Limb] | None) -> tuple[Limb, Limb]:
    told = entry.items()
    if len(told) != 2:
        entry.refuse("expected two limbs: the near one and the far one.")
    near, far = (read_limb(each, start[which] if start else None) for which, each in enumerate(told))
    return near, far


def read_limb(entry: Marked, start: Limb | None) -> Limb:
    if entry.is_one_value:
        if start is None or entry.as_text() != SAME:
            entry.refuse(f"expected a limb, or {SAME!r} after 'from'.")
        return start
    fields = entry.only((*NUMBERS_OF, "foot")).fields()
    ways = [name for name in fields if name != "foot"]
    if len(ways) != 1:
        entry.refuse(f"expected one of {', '.join(NUMBERS_OF)}.")
    way = ways[0]
    values = numbers(fields[way], NUMBERS_OF[way])
    foot = fields["foot"].as_number() if "foot" in fields else FOOT[way]
    return Limb("to", values, -1, foot) if way == "hand" else Limb(way, values, end=foot)


def point(entry: Marked) -> Point:
    x, y = numbers(entry, 2)
    return x, y


def numbers(entry: Marked, count: int) -> tuple[float, ...]:
    found = tuple(each.as_number() for each in entry.items())
    if len(found) != count:
        entry.refuse(f"expected {count} numbers.")
    return found
