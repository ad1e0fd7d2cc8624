"""The library's movements done on a chair."""

from backtolife.programme.figures.bases import CHAIR, CHAIR_FRONT, ON_THIGHS, SIT, SIT_FRONT
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.pose import Limb, angles, hand, points, to

REACHING = (hand(196, 112), hand(196, 116))
SHRUG_ARROWS = (((205, 116), (218, 96), (204, 80)), ((115, 116), (102, 96), (116, 80)))
CROSSED = (hand(146, 118), Limb("to", (174, 124), 1))
BESIDE = (angles(171, 176), angles(-171, -176))
LEG = to(168, 207)
FAR_LEG = to(175, 207)

SITTING: dict[str, Drawing] = {
    "ex-shoulder-roll": Drawing(
        "Someone sits with their arms loose and rolls both shoulders up, back and down.",
        (SIT_FRONT.but(arms=BESIDE), SIT_FRONT.but(arms=BESIDE, shrug=10), SIT_FRONT.but(arms=BESIDE, shrug=3)),
        view="front",
        things=CHAIR_FRONT,
        arrows=SHRUG_ARROWS,
    ),
    "ex-march": Drawing(
        "Someone sits tall and lifts one foot a little way, then the other.",
        (SIT, SIT.but(legs=(to(172, 184), FAR_LEG)), SIT, SIT.but(legs=(LEG, to(178, 184)))),
        things=CHAIR,
        arrows=(((190, 204), (198, 192), (198, 178)),),
        seconds=5,
    ),
    "ex-sit-to-stand": Drawing(
        "Someone sits near the front of the chair, leans forward until their weight shifts, and sits back.",
        (
            SIT.but(hip=(136, 158)),
            SIT.but(hip=(139, 157), low=38, high=46, head=30, arms=(hand(178, 148), hand(184, 148))),
        ),
        things=CHAIR,
        arrows=(((178, 78), (204, 86), (218, 106)), ((192, 184), (192, 196))),
    ),
    "ex-pelvic-tilt": Drawing(
        "Someone sits and rocks their hips back so the low back goes round, then forward so it arches.",
        (SIT.but(low=-22, high=20, head=12), SIT.but(hip=(132, 157), low=14, high=-10, head=0)),
        things=CHAIR,
        arrows=(((98, 146), (94, 158), (104, 170)),),
    ),
    "ex-knee-rolls": Drawing(
        "Someone sits with their feet wide and lets both knees sway to one side, then the other.",
        (
            SIT_FRONT.but(legs=(points(190, 172, 184, 206), points(156, 172, 136, 206))),
            SIT_FRONT.but(legs=(points(164, 172, 184, 206), points(130, 172, 136, 206))),
        ),
        view="front",
        things=CHAIR_FRONT,
        arrows=(((206, 160), (160, 146), (114, 160)),),
    ),
    "ex-cat-curl": Drawing(
        "Someone sits with hands on knees, rounds their back to look at their lap, then lifts the chest to look ahead.",
        (
            SIT.but(low=8, high=-12, head=-8, arms=(hand(166, 160), hand(172, 160))),
            SIT.but(low=-14, high=62, head=112, arms=(hand(166, 160), hand(172, 160))),
        ),
        things=CHAIR,
        arrows=(((176, 92), (196, 102), (200, 122)),),
    ),
    "ex-trunk-turn": Drawing(
        "Someone sits tall with arms crossed on the chest and turns to look to one side, then the other.",
        (
            SIT_FRONT.but(arms=CROSSED),
            SIT_FRONT.but(arms=(hand(138, 120), Limb("to", (158, 126), 1)), turn=-1),
            SIT_FRONT.but(arms=CROSSED),
            SIT_FRONT.but(arms=(hand(162, 120), Limb("to", (182, 126), 1)), turn=1),
        ),
        view="front",
        things=CHAIR_FRONT,
        arrows=(((190, 66), (160, 54), (128, 68)),),
        seconds=7,
    ),
    "ex-side-reach": Drawing(
        "Someone sits tall, slides one hand down the side of the chair and lifts the other arm, then swaps sides.",
        (
            SIT_FRONT.but(arms=BESIDE, legs=(points(184, 172, 186, 206), points(136, 172, 134, 206))),
            SIT_FRONT.but(
                arms=(angles(175, 180), angles(-20, 30)),
                legs=(points(184, 172, 186, 206), points(136, 172, 134, 206)),
                low=10,
                high=28,
                head=30,
            ),
        ),
        view="front",
        things=CHAIR_FRONT,
        arrows=(((150, 52), (186, 36), (216, 56)),),
    ),
    "ex-hip-hinge": Drawing(
        "Someone sits near the front of the chair and leans forward from the hips, hands sliding down the thighs.",
        (
            SIT.but(hip=(134, 158), arms=(hand(160, 156), hand(166, 156))),
            SIT.but(hip=(134, 158), low=48, high=50, head=46, arms=(hand(180, 178), hand(186, 178))),
        ),
        things=CHAIR,
        arrows=(((172, 80), (200, 90), (216, 112)),),
    ),
    "ex-mini-squat": Drawing(
        "Someone sits and straightens one knee so that the foot lifts, then lowers it.",
        (SIT, SIT.but(legs=(to(207, 166, end=20), FAR_LEG))),
        things=CHAIR,
        arrows=(((196, 206), (224, 200), (234, 178)),),
    ),
    "ex-bridge": Drawing(
        "Someone sits tall and squeezes their bottom so that they rise a little, then lets go.",
        (SIT.but(low=-2, high=6, head=4), SIT.but(hip=(128, 150))),
        things=CHAIR,
        arrows=(((96, 156), (96, 136)),),
    ),
    "ex-heel-raise": Drawing(
        "Someone sits and lifts both heels, pressing into the toes.",
        (SIT, SIT.but(legs=(to(167, 195, end=132), to(174, 195, end=132)))),
        things=CHAIR,
        arrows=(((202, 212), (202, 190)),),
        seconds=4,
    ),
    "ex-side-step": Drawing(
        "Someone sits tall, taps one foot out to the side and brings it back, then does the other.",
        (
            SIT_FRONT,
            SIT_FRONT.but(legs=(points(186, 174, 212, 206), points(144, 172, 144, 206))),
            SIT_FRONT,
            SIT_FRONT.but(legs=(points(176, 172, 176, 206), points(134, 174, 108, 206))),
        ),
        view="front",
        things=CHAIR_FRONT,
        arrows=(((192, 196), (206, 184), (226, 190)),),
        seconds=5,
    ),
    "ex-push-away": Drawing(
        "Someone sits tall with hands at the chest and pushes them away, slow and strong.",
        (SIT.but(arms=(hand(146, 118), hand(150, 120))), SIT.but(arms=(hand(186, 114), hand(190, 117)))),
        things=CHAIR,
        arrows=(((200, 96), (226, 96)),),
        seconds=5,
    ),
    "ex-row": Drawing(
        "Someone sits tall with arms out in front and pulls their elbows back past the ribs.",
        (SIT.but(arms=REACHING), SIT.but(arms=(hand(140, 130), hand(147, 130)), high=-3)),
        things=CHAIR,
        arrows=(((214, 98), (184, 98)),),
        seconds=5,
    ),
    "ex-reach-up": Drawing(
        "Someone sits tall and reaches one arm up, then the other.",
        (
            SIT.but(arms=(angles(165, 110), angles(160, 105))),
            SIT.but(arms=(angles(14, 4), angles(160, 105)), head=-8),
            SIT.but(arms=(angles(165, 110), angles(160, 105))),
            SIT.but(arms=(angles(165, 110), angles(14, 4)), head=-8),
        ),
        things=CHAIR,
        arrows=(((192, 118), (196, 86), (170, 60)),),
    ),
    "ex-knee-hug": Drawing(
        "Someone sits, holds under one thigh with both hands and draws the knee up a little way.",
        (
            SIT.but(hip=(134, 158), arms=(hand(168, 168), hand(166, 170))),
            SIT.but(hip=(134, 158), high=-4, legs=(to(176, 176), FAR_LEG), arms=(hand(160, 148), hand(158, 150))),
        ),
        things=CHAIR,
        arrows=(((192, 158), (196, 140), (184, 122)),),
    ),
    "ex-leg-back-stretch": Drawing(
        "Someone sits with one heel out in front, toes up, and leans forward a little from the hips.",
        (
            SIT.but(hip=(134, 158), legs=(to(206, 206, end=18), to(166, 207))),
            SIT.but(
                hip=(134, 158),
                low=30,
                high=32,
                head=28,
                legs=(to(206, 206, end=18), to(166, 207)),
                arms=(hand(176, 164), hand(166, 158)),
            ),
        ),
        things=CHAIR,
        arrows=(((168, 78), (190, 86), (202, 102)),),
        seconds=8,
    ),
    "ex-hip-front-stretch": Drawing(
        "Someone sits side on near the edge of the chair and slides the outside foot back, sitting tall.",
        (
            SIT.but(hip=(150, 158), legs=(to(190, 207), to(194, 207)), arms=(angles(160, 120), hand(186, 157))),
            SIT.but(
                hip=(150, 158),
                high=-4,
                legs=(to(126, 203, end=128), to(194, 207)),
                arms=(angles(176, 168), hand(186, 157)),
            ),
        ),
        things=(("seat", 150),),
        arrows=(((176, 224), (150, 226), (124, 222)),),
        seconds=8,
    ),
    "ex-leg-back": Drawing(
        "Someone sits tall and presses one heel down and back into the floor.",
        (SIT.but(legs=(to(172, 207), to(182, 207))), SIT.but(legs=(to(160, 207), to(182, 207)))),
        things=CHAIR,
        arrows=(((172, 224), (146, 224)),),
    ),
    "ex-side-leg": Drawing(
        "Someone sits with knees together and pushes both knees out against their hands.",
        (
            SIT_FRONT.but(
                arms=(hand(180, 166), Limb("to", (140, 166), 1)),
                legs=(points(168, 172, 170, 206), points(152, 172, 150, 206)),
            ),
            SIT_FRONT.but(
                arms=(hand(196, 166), Limb("to", (124, 166), 1)),
                legs=(points(184, 172, 174, 206), points(136, 172, 146, 206)),
            ),
        ),
        view="front",
        things=CHAIR_FRONT,
        arrows=(((206, 186), (226, 186)), ((114, 186), (94, 186))),
        seconds=5,
    ),
    "ex-cross-reach": Drawing(
        "Someone sits tall, reaches one arm forward and lifts the heel on the other side, then swaps.",
        (
            SIT,
            SIT.but(arms=(hand(190, 112), ON_THIGHS[1]), legs=(LEG, to(175, 194, end=132))),
            SIT,
            SIT.but(arms=(ON_THIGHS[0], hand(190, 112)), legs=(to(168, 194, end=132), FAR_LEG)),
        ),
        things=CHAIR,
        arrows=(((194, 142), (206, 130), (206, 112)), ((198, 214), (198, 194))),
    ),
    "ex-lift-carry": Drawing(
        "Someone sits with a light bag in their lap, lifts it to the chest and puts it down with care.",
        (SIT.but(arms=(hand(154, 143), hand(158, 143))), SIT.but(arms=(hand(152, 116), hand(156, 116)))),
        things=CHAIR,
        held="bag",
        arrows=(((186, 146), (190, 128), (186, 108)),),
    ),
    "ex-slow-fold": Drawing(
        "Someone sits with feet wide, rests their arms on their thighs, leans forward and lets the head hang.",
        (SIT, SIT.but(low=52, high=78, head=126, arms=(hand(178, 172), hand(182, 172)))),
        things=CHAIR,
        arrows=(((166, 78), (198, 84), (220, 108)),),
        seconds=9,
    ),
}
