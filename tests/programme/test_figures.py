"""The drawings of the exercise library: one for each move and way, whole, moving, and told in words."""

import math
import xml.etree.ElementTree as ET

import pytest

from backtolife.errors import NotFound
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.geometry import jointed
from backtolife.programme.figures.library import drawing_of, drawings, picture_of
from backtolife.programme.figures.pose import FOREARM, SHIN, THIGH, UPPER_ARM, Joints, joints_of, moving
from backtolife.programme.plan.loading import shipped

EACH = [(move, way) for way, moves in drawings().items() for move in moves]
SVG = "{http://www.w3.org/2000/svg}"


def frames_of(drawing: Drawing) -> list[Joints]:
    return [joints_of(pose, front=drawing.front) for pose in moving(drawing.poses, front=drawing.front)]


def test_every_exercise_has_a_drawing_for_sitting_standing_and_lying() -> None:
    moves = set(shipped().exercises)
    assert {way: set(each) for way, each in drawings().items()} == dict.fromkeys(
        ("sitting", "standing", "lying"), moves
    )


@pytest.mark.parametrize(("move", "way"), EACH)
def test_a_drawing_moves_in_a_loop_and_a_still_one_does_not(move: str, way: str) -> None:
    loop = ET.fromstring(picture_of(move, way, still=False))  # noqa: S314 - our own file
    still = ET.fromstring(picture_of(move, way, still=True))  # noqa: S314 - our own file
    assert not list(still.iter(f"{SVG}animate"))
    animations = list(loop.iter(f"{SVG}animate"))
    assert animations
    for each in animations:
        values = each.attrib["values"].split(";")
        assert each.attrib["repeatCount"] == "indefinite"
        assert values[0] == values[-1], "the loop jumps"


@pytest.mark.parametrize(("move", "way"), EACH)
def test_a_drawing_says_what_it_shows_and_carries_no_style_or_script(move: str, way: str) -> None:
    picture = picture_of(move, way, still=False)
    title = ET.fromstring(picture).find(f"{SVG}title")  # noqa: S314 - our own file
    assert title is not None
    assert title.text == drawing_of(move, way).says
    assert str(title.text).endswith(".")
    assert "style" not in picture
    assert "<script" not in picture
    assert len(picture) < 24_000


@pytest.mark.parametrize(("move", "way"), EACH)
def test_a_body_stays_on_the_paper_above_the_floor_and_keeps_its_bones(move: str, way: str) -> None:
    drawing = drawing_of(move, way)
    for pose, joints in zip(moving(drawing.poses, front=drawing.front), frames_of(drawing), strict=True):
        whole = [joints.head, joints.hip, *(point for limb in (*joints.arms, *joints.legs) for point in limb)]
        assert all(20 <= x <= 300 and 20 <= y <= 212 for x, y in whole), whole
        for limbs, starts, told, bones in (
            (joints.arms, joints.shoulders, pose.arms, (UPPER_ARM, FOREARM)),
            (joints.legs, joints.hips, pose.legs, (THIGH, SHIN)),
        ):
            for limb, start, way_told in zip(limbs, starts, told, strict=True):
                if way_told.way == "points":
                    continue
                assert math.dist(start, limb[0]) == pytest.approx(bones[0], abs=0.1)
                assert math.dist(*limb) == pytest.approx(bones[1], abs=0.1)


def test_feet_that_carry_weight_stay_where_they_are() -> None:
    for move in ("ex-sit-to-stand", "ex-mini-squat", "ex-hip-hinge"):
        ankles = {
            (round(one.legs[0][1][0]), round(one.legs[0][1][1])) for one in frames_of(drawing_of(move, "standing"))
        }
        assert len(ankles) == 1, move


def test_knees_bend_forwards_and_elbows_backwards() -> None:
    knee, _ = jointed((100, 100), (100, 160), THIGH, SHIN, 1)
    elbow, _ = jointed((100, 100), (100, 140), UPPER_ARM, FOREARM, -1)
    assert knee[0] > 100 > elbow[0]


def test_a_drawing_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        drawing_of("ex-shoulder-roll", "flying")
    with pytest.raises(NotFound):
        drawing_of("ex-nothing", "sitting")
