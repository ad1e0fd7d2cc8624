"""The positions that most drawings start from. Pure."""

from backtolife.programme.figures.pose import Limb, Pose, angles, hand, points, to

Pair = tuple[Limb, Limb]

HANG: Pair = angles(176, 170), angles(170, 162)
HANG_FRONT: Pair = angles(171, 177), angles(-171, -177)
BY_SIDE: Pair = angles(97, 92), angles(95, 90)
ON_THIGHS: Pair = hand(162, 157), hand(168, 157)

STAND = Pose((150, 129), HANG, (to(148, 207), to(157, 207)))
SIT = Pose((128, 158), ON_THIGHS, (to(168, 207), to(175, 207)))
LIE = Pose((152, 194), BY_SIDE, (to(207, 202), to(214, 202)), low=-90, high=-90, head=-86)
STAND_FRONT = Pose((160, 130), HANG_FRONT, (angles(176, 178, 180), angles(-176, -178, 180)))
KNEES_AHEAD: Pair = points(176, 172, 176, 206), points(144, 172, 144, 206)
SIT_FRONT = Pose((160, 158), (hand(178, 164), Limb("to", (142, 164), 1)), KNEES_AHEAD)
ON_BACK_ABOVE = Pose((160, 130), HANG_FRONT, (points(172, 158, 170, 186), points(148, 158, 150, 186)))
"""On the back with bent knees, seen from above: the knees stand up towards us."""
STRAIGHT_ABOVE = STAND_FRONT
ON_SIDE = Pose(
    (170, 125),
    (hand(150, 72), hand(150, 80)),
    (to(208, 92), to(214, 96)),
    low=-90,
    high=-90,
    head=-88,
)
"""On the side, seen from above, facing up the page."""

CHAIR = (("chair", 132.0),)
CHAIR_FRONT = (("chair_ahead", 160.0),)
MAT = (("mat", 34.0), ("pillow", 80.0))
ABOVE = (("mat_above", 30.0), ("pillow_above", 66.0))
HOLD_AT = 196.0
HOLDING = (("chair_turned", HOLD_AT),)
HOLD: Pair = hand(199, 124), hand(201, 124)
