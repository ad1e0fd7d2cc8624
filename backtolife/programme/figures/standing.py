"""The library's movements done on the feet, with something to hold where that helps."""

from backtolife.programme.figures.bases import HOLD, HOLDING, STAND, STAND_FRONT
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.pose import Limb, angles, hand, to

SOFT = STAND.but(hip=(149, 131), legs=(to(150, 207), to(158, 207)))
HELD_ON = STAND.but(arms=HOLD)
SHRUG_ARROWS = (((206, 96), (220, 74), (204, 58)), ((114, 96), (100, 74), (116, 58)))
AT_CHAIR = (hand(172, 134), Limb("to", (148, 134), 1))
BETWEEN = (("chair_between", 160.0),)
LEG, FAR_LEG = STAND.legs
WALL_HANDS = (hand(204, 88), hand(204, 96))
TABLE = (("table", 206.0),)
ON_TABLE = (hand(214, 126), hand(218, 126))
HINGED = STAND.but(hip=(134, 131), legs=(to(142, 207), to(150, 207)), arms=ON_TABLE)

STANDING: dict[str, Drawing] = {
    "ex-shoulder-roll": Drawing(
        "Someone stands with soft knees and rolls both shoulders up, back and down.",
        (STAND_FRONT, STAND_FRONT.but(shrug=10), STAND_FRONT.but(shrug=3)),
        view="front",
        arrows=SHRUG_ARROWS,
    ),
    "ex-march": Drawing(
        "Someone stands by a chair and lifts one foot, then the other.",
        (
            STAND,
            STAND.but(legs=(to(166, 180), FAR_LEG), arms=(angles(190, 178), angles(150, 120))),
            STAND,
            STAND.but(legs=(LEG, to(174, 180)), arms=(angles(150, 120), angles(190, 178))),
        ),
        things=(("chair_turned", 220),),
        arrows=(((186, 200), (198, 184), (196, 166)),),
        seconds=5,
    ),
    "ex-sit-to-stand": Drawing(
        "Someone sits near the front of a chair, leans nose over toes, stands up, and sits down slowly.",
        (
            STAND.but(hip=(122, 158), legs=(to(158, 207), to(165, 207)), arms=(hand(156, 156), hand(162, 156))),
            STAND.but(
                hip=(130, 154),
                low=40,
                high=46,
                head=30,
                legs=(to(158, 207), to(165, 207)),
                arms=(hand(178, 142), hand(184, 142)),
            ),
            STAND.but(hip=(157, 128), legs=(to(158, 207), to(165, 207)), arms=(hand(160, 132), hand(168, 132))),
            STAND.but(
                hip=(130, 154),
                low=40,
                high=46,
                head=30,
                legs=(to(158, 207), to(165, 207)),
                arms=(hand(178, 142), hand(184, 142)),
            ),
        ),
        things=(("chair", 116),),
        arrows=(((196, 132), (214, 100), (200, 64)),),
        shown=2,
        seconds=8,
    ),
    "ex-pelvic-tilt": Drawing(
        "Someone stands with their back near a wall and soft knees, tucks the tail under, then lets the back arch.",
        (
            SOFT.but(hip=(86, 132), legs=(to(94, 207), to(101, 207)), low=12, high=-9),
            SOFT.but(hip=(92, 132), legs=(to(94, 207), to(101, 207)), low=-17, high=6, head=4),
        ),
        things=(("wall", 48),),
        arrows=(((70, 152), (82, 162), (100, 156)),),
    ),
    "ex-knee-rolls": Drawing(
        "Someone stands holding a chair and turns their hips a little to one side, then the other. A heel may lift.",
        (
            STAND_FRONT.but(
                arms=AT_CHAIR,
                hip=(154, 131),
                low=8,
                high=-2,
                turn=-0.4,
                legs=(to(176, 206, -1, 180), to(144, 206, -1, 180)),
            ),
            STAND_FRONT.but(
                arms=AT_CHAIR,
                hip=(166, 131),
                low=-8,
                high=2,
                turn=0.4,
                legs=(to(176, 206, 1, 180), to(144, 203, 1, 180)),
            ),
        ),
        view="front",
        before=BETWEEN,
        arrows=(((128, 150), (108, 158), (126, 170)), ((192, 170), (212, 158), (194, 150))),
    ),
    "ex-cat-curl": Drawing(
        "Someone stands with hands on a table, rounds the back and drops the head, then lifts the chest.",
        (HINGED.but(low=66, high=42, head=30), HINGED.but(hip=(141, 131), low=14, high=92, head=124)),
        things=TABLE,
        arrows=(((120, 92), (134, 70), (160, 68)),),
    ),
    "ex-trunk-turn": Drawing(
        "Someone stands with loose arms and turns to one side so the arms swing, then to the other.",
        (
            STAND_FRONT,
            STAND_FRONT.but(turn=-1, arms=(angles(196, 232), angles(-150, -120))),
            STAND_FRONT,
            STAND_FRONT.but(turn=1, arms=(angles(150, 120), angles(-196, -232))),
        ),
        view="front",
        arrows=(((196, 52), (160, 34), (124, 52)),),
        seconds=6,
    ),
    "ex-side-reach": Drawing(
        "Someone stands and slides one hand down the side of the leg, then comes up and swaps.",
        (
            STAND_FRONT,
            STAND_FRONT.but(low=12, high=30, head=32, arms=(angles(176, 182), angles(-164, -150))),
            STAND_FRONT,
            STAND_FRONT.but(low=-12, high=-30, head=-32, arms=(angles(164, 150), angles(-176, -182))),
        ),
        view="front",
        arrows=(((218, 122), (222, 142), (214, 164)),),
        seconds=8,
    ),
    "ex-hip-hinge": Drawing(
        "Someone stands with soft knees, sends the bottom back and slides their hands to the knees.",
        (
            STAND.but(arms=(hand(158, 136), hand(166, 136))),
            STAND.but(
                hip=(126, 138),
                low=52,
                high=56,
                head=50,
                legs=(to(148, 207), to(156, 207)),
                arms=(hand(168, 162), hand(174, 162)),
            ),
        ),
        arrows=(((128, 112), (112, 118), (100, 132)),),
    ),
    "ex-mini-squat": Drawing(
        "Someone holds a chair back and bends both knees a little, as if to sit, then stands up.",
        (HELD_ON, HELD_ON.but(hip=(134, 144), low=14, high=16, head=8)),
        things=HOLDING,
        arrows=(((110, 112), (102, 128), (104, 146)),),
    ),
    "ex-bridge": Drawing(
        "Someone stands holding a chair back, squeezes their bottom and grows tall, then lets go.",
        (HELD_ON.but(hip=(145, 133), low=4, high=10, head=12), HELD_ON.but(hip=(151, 128), low=-2)),
        things=HOLDING,
        arrows=(((118, 140), (118, 112)), ((118, 60), (118, 40))),
    ),
    "ex-heel-raise": Drawing(
        "Someone holds a chair back and rises up on their toes, then lowers down slowly.",
        (HELD_ON, HELD_ON.but(hip=(152, 117), legs=(to(150, 195, end=134), to(158, 195, end=134)))),
        things=HOLDING,
        arrows=(((126, 210), (126, 186)),),
        seconds=4,
    ),
    "ex-side-step": Drawing(
        "Someone steps to one side and taps with the other foot, then steps back the other way.",
        (
            STAND_FRONT.but(hip=(144, 130), legs=(Limb("to", (156, 206), 1, 180), Limb("to", (134, 206), 1, 180))),
            STAND_FRONT.but(
                hip=(164, 132),
                legs=(Limb("to", (196, 206), 1, 180), Limb("to", (134, 206), 1, 180)),
                arms=(angles(160, 140), angles(-160, -140)),
            ),
            STAND_FRONT.but(hip=(184, 130), legs=(Limb("to", (194, 206), 1, 180), Limb("to", (174, 206), 1, 180))),
        ),
        view="front",
        arrows=(((206, 192), (226, 180), (244, 192)),),
        shown=1,
        seconds=5,
    ),
    "ex-push-away": Drawing(
        "Someone stands facing a wall with flat hands on it, bends the elbows to lean in, and pushes the wall away.",
        (
            STAND.but(hip=(140, 131), low=11, high=11, head=8, legs=(to(122, 207), to(129, 207)), arms=WALL_HANDS),
            STAND.but(hip=(154, 131), low=24, high=24, head=18, legs=(to(122, 207), to(129, 207)), arms=WALL_HANDS),
        ),
        things=(("wall", 210),),
        arrows=(((150, 58), (172, 60)),),
        seconds=5,
    ),
    "ex-row": Drawing(
        "Someone stands with one foot in front, reaches both arms out and pulls their elbows back as if rowing.",
        (
            STAND.but(
                legs=(to(132, 207), to(176, 207)), hip=(153, 134), low=6, high=6, arms=(hand(212, 90), hand(212, 94))
            ),
            STAND.but(
                legs=(to(132, 207), to(176, 207)),
                hip=(148, 134),
                low=-2,
                high=-4,
                arms=(hand(156, 108), hand(162, 108)),
            ),
        ),
        arrows=(((226, 76), (192, 76)),),
        seconds=5,
    ),
    "ex-reach-up": Drawing(
        "Someone stands and reaches one arm up; the heel on that side may lift. Then the other arm.",
        (STAND, STAND.but(arms=(angles(12, 3), angles(170, 162)), legs=(to(148, 199, end=122), FAR_LEG), head=-8)),
        arrows=(((196, 122), (206, 80), (182, 40)),),
    ),
    "ex-knee-hug": Drawing(
        "Someone stands near a wall, holds on, lifts one knee and may rest the foot on a low step.",
        (
            STAND.but(arms=(angles(172, 160), hand(190, 104))),
            STAND.but(legs=(to(178, 183), FAR_LEG), arms=(angles(172, 150), hand(190, 104))),
        ),
        things=(("wall", 196), ("step", 164)),
        arrows=(((132, 190), (136, 166), (158, 150)),),
    ),
    "ex-leg-back-stretch": Drawing(
        "Someone holds a chair, puts one heel in front with toes up, bends the other knee and leans a little.",
        (
            HELD_ON.but(legs=(to(180, 206, end=22), to(146, 207))),
            HELD_ON.but(hip=(128, 138), low=30, high=32, head=26, legs=(to(180, 206, end=22), to(146, 207))),
        ),
        things=HOLDING,
        arrows=(((176, 54), (196, 62), (208, 78)),),
        seconds=8,
    ),
    "ex-hip-front-stretch": Drawing(
        "Someone holds a chair, steps one foot back, bends the front knee a little and grows tall.",
        (
            HELD_ON,
            HELD_ON.but(hip=(148, 140), low=-4, high=-4, legs=(to(92, 202, end=118), to(168, 207))),
        ),
        things=HOLDING,
        arrows=(((140, 224), (116, 226), (90, 222)),),
        seconds=8,
    ),
    "ex-leg-back": Drawing(
        "Someone holds a chair back and slides one straight leg back with the toes down, body still.",
        (HELD_ON, HELD_ON.but(low=3, high=3, legs=(to(112, 200, end=128), FAR_LEG))),
        things=HOLDING,
        arrows=(((144, 224), (122, 224), (96, 214)),),
    ),
    "ex-side-leg": Drawing(
        "Someone holds a chair back and lifts one leg out to the side a little, toes to the front.",
        (
            STAND_FRONT.but(arms=AT_CHAIR),
            STAND_FRONT.but(arms=AT_CHAIR, legs=(angles(146, 146, 180), angles(-178, -179, 180)), low=-4, high=-2),
        ),
        view="front",
        before=BETWEEN,
        arrows=(((204, 208), (228, 202), (244, 186)),),
    ),
    "ex-cross-reach": Drawing(
        "Someone stands with hands on a wall, lifts one hand and the heel on the other side, then swaps.",
        (
            STAND.but(arms=WALL_HANDS, low=4, high=4),
            STAND.but(arms=(hand(200, 50), WALL_HANDS[1]), low=4, high=4, legs=(LEG, to(157, 195, end=132))),
            STAND.but(arms=WALL_HANDS, low=4, high=4),
            STAND.but(arms=(WALL_HANDS[0], hand(200, 50)), low=4, high=4, legs=(to(148, 195, end=132), FAR_LEG)),
        ),
        things=(("wall", 208),),
        arrows=(((188, 66), (186, 52), (190, 36)), ((186, 214), (186, 192))),
    ),
    "ex-lift-carry": Drawing(
        "Someone bends hips and knees, takes a light bag from a chair, holds it close and stands up.",
        (
            STAND.but(
                hip=(112, 146),
                low=50,
                high=54,
                head=44,
                legs=(to(134, 207), to(142, 207)),
                arms=(hand(190, 158), hand(194, 158)),
            ),
            STAND.but(hip=(136, 129), legs=(to(134, 207), to(142, 207)), arms=(hand(160, 112), hand(164, 112))),
        ),
        things=(("chair_turned", 176),),
        held="bag",
        arrows=(((206, 142), (208, 116), (194, 92)),),
        seconds=7,
    ),
    "ex-slow-fold": Drawing(
        "Someone rests their hands on a table, walks the feet back and lets the chest drop between the arms.",
        (
            STAND.but(hip=(178, 129), legs=(to(176, 207), to(184, 207)), arms=ON_TABLE, low=6, high=8, head=8),
            STAND.but(hip=(112, 132), legs=(to(104, 207), to(112, 207)), arms=ON_TABLE, low=82, high=92, head=104),
        ),
        things=TABLE,
        arrows=(((170, 46), (140, 52), (124, 74)),),
        seconds=9,
    ),
}
