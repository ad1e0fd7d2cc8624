"""The library's movements done on a bed or a mat."""

from backtolife.programme.figures.bases import ABOVE, LIE, MAT, ON_BACK_ABOVE, ON_SIDE, STRAIGHT_ABOVE
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.pose import Pose, angles, hand, points, to

LEG, FAR_LEG = LIE.legs
MAT_UNDER = (("mat_above", 30.0),)
SHRUG_ARROWS = (((206, 96), (206, 72)), ((114, 96), (114, 72)))
CLAM_LOW = points(194, 201, 230, 201, 100)
CLAM = Pose(
    (152, 187),
    (points(124, 184, 134, 200), points(86, 205, 70, 200)),
    (points(192, 188, 232, 192, 100), CLAM_LOW),
    low=-90,
    high=-90,
    head=-90,
)
CURLED = ON_SIDE.but(
    hip=(146, 138),
    low=-80,
    high=-55,
    head=-12,
    legs=(to(168, 112, end=60), to(174, 116, end=60)),
    arms=(hand(126, 88), hand(132, 92)),
)

LYING: dict[str, Drawing] = {
    "ex-shoulder-roll": Drawing(
        "Seen from above: someone lies on their back, slides both shoulders up to the ears, then down.",
        (ON_BACK_ABOVE, ON_BACK_ABOVE.but(shrug=11)),
        view="front_above",
        things=MAT_UNDER,
        arrows=SHRUG_ARROWS,
    ),
    "ex-march": Drawing(
        "Someone lies on their back with bent knees and lifts one foot a few inches, then the other.",
        (LIE, LIE.but(legs=(to(196, 178), FAR_LEG)), LIE, LIE.but(legs=(LEG, to(203, 178)))),
        things=MAT,
        arrows=(((226, 196), (230, 180), (222, 164)),),
        seconds=5,
    ),
    "ex-sit-to-stand": Drawing(
        "Someone lies on their back with bent knees and presses both feet down.",
        (LIE, LIE.but(hip=(152, 191), low=-94)),
        things=MAT,
        arrows=(((226, 174), (226, 196)),),
    ),
    "ex-pelvic-tilt": Drawing(
        "Someone lies on their back with bent knees, flattens the low back, then lets it arch a little.",
        (LIE.but(low=-66, high=-113), LIE.but(hip=(151, 191), low=-96, high=-86)),
        things=MAT,
        arrows=(((124, 150), (124, 172)),),
    ),
    "ex-knee-rolls": Drawing(
        "Seen from above: someone lies on their back and lets both bent knees drop to one side, then the other.",
        (
            ON_BACK_ABOVE.but(
                arms=(angles(120, 130), angles(-120, -130)),
                legs=(points(202, 152, 178, 188), points(186, 158, 166, 190)),
            ),
            ON_BACK_ABOVE.but(
                arms=(angles(120, 130), angles(-120, -130)),
                legs=(points(134, 158, 154, 190), points(118, 152, 142, 188)),
            ),
        ),
        view="front_above",
        things=MAT_UNDER,
        arrows=(((212, 176), (160, 214), (108, 176)),),
    ),
    "ex-cat-curl": Drawing(
        "Seen from above: someone lies on their side, curls up gently like a ball, then opens up and grows long.",
        (
            ON_SIDE.but(
                legs=(to(236, 118, end=80), to(240, 122, end=80)),
                high=-94,
                head=-98,
                arms=(hand(126, 84), hand(132, 88)),
            ),
            CURLED,
        ),
        view="above",
        things=ABOVE,
        arrows=(((236, 98), (224, 76), (200, 70)),),
        seconds=8,
    ),
    "ex-trunk-turn": Drawing(
        "Seen from above: someone lies on their side with arms out in front and opens the top arm like a book.",
        (
            ON_SIDE.but(arms=(angles(0, 0), angles(4, 4))),
            ON_SIDE.but(arms=(points(122, 117, 122, 112), angles(4, 4)), high=-93, head=-104),
            ON_SIDE.but(arms=(angles(-178, -180), angles(4, 4)), high=-96, head=-124),
            ON_SIDE.but(arms=(points(122, 117, 122, 112), angles(4, 4)), high=-93, head=-104),
        ),
        view="above",
        things=ABOVE,
        arrows=(((98, 66), (58, 116), (98, 176)),),
        shown=2,
        seconds=8,
    ),
    "ex-side-reach": Drawing(
        "Seen from above: someone lies on their back and slides one hand down to the foot, then swaps sides.",
        (
            STRAIGHT_ABOVE,
            STRAIGHT_ABOVE.but(low=14, high=30, head=30, arms=(angles(174, 182), angles(-164, -158))),
            STRAIGHT_ABOVE,
            STRAIGHT_ABOVE.but(low=-14, high=-30, head=-30, arms=(angles(164, 158), angles(-174, -182))),
        ),
        view="front_above",
        things=MAT_UNDER,
        arrows=(((214, 126), (220, 144), (212, 164)),),
        seconds=8,
    ),
    "ex-hip-hinge": Drawing(
        "Someone lies on their back with bent knees, lifts one knee towards them, puts the foot down and swaps.",
        (LIE, LIE.but(legs=(to(172, 158), FAR_LEG))),
        things=MAT,
        arrows=(((206, 158), (186, 136), (158, 138)),),
    ),
    "ex-mini-squat": Drawing(
        "Someone lies with one knee bent and presses the back of the other, straight knee down.",
        (LIE.but(legs=(to(228, 203, end=10), to(188, 202))), LIE.but(legs=(to(231, 201, end=0), to(188, 202)))),
        things=MAT,
        arrows=(((208, 164), (204, 186)),),
    ),
    "ex-bridge": Drawing(
        "Someone lies on their back with bent knees and lifts their hips a little, then lowers slowly.",
        (LIE, LIE.but(hip=(150, 170), low=-119, high=-119, arms=(hand(156, 200), hand(158, 200)))),
        things=MAT,
        arrows=(((134, 154), (134, 132)),),
    ),
    "ex-heel-raise": Drawing(
        "Someone lies on their back with legs out, points their toes away, then pulls them up.",
        (
            LIE.but(legs=(to(232, 201, end=-14), to(236, 201, end=-14))),
            LIE.but(legs=(to(232, 201, end=72), to(236, 201, end=72))),
        ),
        things=MAT,
        arrows=(((236, 170), (256, 176), (262, 192)),),
        seconds=5,
    ),
    "ex-side-step": Drawing(
        "Seen from above: someone lies on their back with legs out and slides one leg out to the side and in.",
        (STRAIGHT_ABOVE, STRAIGHT_ABOVE.but(legs=(angles(148, 148, 160), angles(-176, -178, 180)))),
        view="front_above",
        things=MAT_UNDER,
        arrows=(((182, 216), (206, 214), (228, 196)),),
        seconds=5,
    ),
    "ex-push-away": Drawing(
        "Someone lies on their back with fists at the chest and pushes them up to the ceiling.",
        (LIE.but(arms=(hand(112, 172), hand(118, 172))), LIE.but(arms=(hand(106, 142), hand(112, 142)))),
        things=MAT,
        arrows=(((136, 160), (136, 134)),),
        seconds=5,
    ),
    "ex-row": Drawing(
        "Someone lies on their back with elbows bent by their sides and presses the elbows down.",
        (LIE.but(arms=(angles(70, 0), angles(66, 0))), LIE.but(arms=(angles(94, 0), angles(92, 0)))),
        things=MAT,
        arrows=(((150, 140), (150, 166)),),
        seconds=5,
    ),
    "ex-reach-up": Drawing(
        "Someone lies on their back, lifts both arms to the ceiling and lets them go back past the head.",
        (
            LIE.but(arms=(angles(96, 92), angles(94, 90))),
            LIE.but(arms=(angles(2, 0), angles(6, 4))),
            LIE.but(arms=(angles(-62, -70), angles(-58, -66))),
        ),
        things=MAT,
        arrows=(((152, 156), (104, 118), (48, 150)),),
        shown=2,
        seconds=8,
    ),
    "ex-knee-hug": Drawing(
        "Someone lies on their back and draws one knee to the chest with their hands.",
        (
            LIE.but(arms=(hand(144, 176), hand(148, 176))),
            LIE.but(legs=(to(170, 160), FAR_LEG), arms=(hand(143, 164), hand(147, 164))),
        ),
        things=MAT,
        arrows=(((196, 150), (176, 132), (150, 138)),),
    ),
    "ex-leg-back-stretch": Drawing(
        "Someone lies with one knee bent, holds behind the other thigh and straightens that knee.",
        (
            LIE.but(legs=(to(190, 154), FAR_LEG), arms=(hand(148, 172), hand(152, 172)), hip=(152, 194)),
            LIE.but(legs=(to(176, 119, end=-30), FAR_LEG), arms=(hand(150, 166), hand(154, 166))),
        ),
        things=MAT,
        arrows=(((212, 150), (216, 124), (200, 104)),),
        seconds=8,
    ),
    "ex-hip-front-stretch": Drawing(
        "Someone lies near the edge of the bed with bent knees, slides one leg out long and lets that hip soften.",
        (LIE, LIE.but(legs=(to(232, 201, end=30), FAR_LEG))),
        things=MAT,
        arrows=(((224, 180), (244, 184), (262, 188)),),
        seconds=8,
    ),
    "ex-leg-back": Drawing(
        "Seen from above: someone lies on their side with bent knees and pushes the top leg back a little way.",
        (ON_SIDE.but(legs=(to(208, 92), to(214, 90))), ON_SIDE.but(legs=(to(233, 146), to(214, 90)))),
        view="above",
        things=ABOVE,
        arrows=(((252, 96), (262, 124), (250, 152)),),
    ),
    "ex-side-leg": Drawing(
        "Someone lies on their side with bent knees, keeps the feet together and lifts the top knee.",
        (CLAM, CLAM.but(legs=(points(180, 152, 231, 192, 100), CLAM_LOW))),
        things=MAT,
        view="front",
        arrows=(((214, 172), (214, 150), (200, 134)),),
    ),
    "ex-cross-reach": Drawing(
        "Someone lies on their back, reaches one arm back and slides the other leg out, then swaps.",
        (
            LIE.but(arms=(angles(4, 2), angles(8, 6))),
            LIE.but(arms=(angles(-62, -68), angles(8, 6)), legs=(LEG, to(233, 201, end=20))),
            LIE.but(arms=(angles(4, 2), angles(8, 6))),
            LIE.but(arms=(angles(4, 2), angles(-62, -68)), legs=(to(231, 201, end=20), FAR_LEG)),
        ),
        things=MAT,
        arrows=(((88, 134), (66, 138), (50, 154)), ((228, 182), (246, 186), (262, 190))),
        seconds=8,
    ),
    "ex-lift-carry": Drawing(
        "Someone lies on their back with a light book at the chest, pushes it up and brings it back.",
        (LIE.but(arms=(hand(112, 172), hand(116, 172))), LIE.but(arms=(hand(108, 146), hand(112, 146)))),
        things=MAT,
        held="book",
        arrows=(((140, 162), (140, 136)),),
    ),
    "ex-slow-fold": Drawing(
        "Seen from above: someone lies curled on their side with a pillow between the knees and breathes slowly.",
        (
            CURLED.but(legs=(to(190, 112, end=70), to(194, 116, end=70))),
            CURLED.but(high=-50, head=-4, legs=(to(187, 112, end=70), to(191, 116, end=70))),
        ),
        view="above",
        things=ABOVE,
        before=(("pillow_between_knees", 142),),
        seconds=9,
    ),
}
