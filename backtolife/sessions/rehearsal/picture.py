"""A drawn person who sways a little, as VP8: encoded once, sent again and again."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av

WIDTH, HEIGHT = 320, 180
PICTURES_PER_SECOND = 5
SWAYS = 10
"""Pictures in one sway, so that it takes two seconds."""
BITS_PER_SECOND = 150_000
GREY = 128
Ink = tuple[int, int, int]
"""Brightness and the two colours of YUV, 0 to 255 each."""


@dataclass(frozen=True)
class Look:
    """The colours of one drawn person at home."""

    wall: Ink
    skin: Ink
    hair: Ink
    shirt: Ink


LOOKS = (
    Look((196, 122, 134), (150, 108, 152), (38, 126, 130), (92, 130, 108)),
    Look((188, 130, 124), (196, 112, 146), (84, 116, 148), (98, 142, 112)),
    Look((204, 118, 134), (206, 118, 142), (140, 127, 129), (124, 138, 122)),
    Look((178, 132, 120), (78, 116, 142), (24, 127, 130), (148, 104, 142)),
    Look((190, 120, 138), (212, 116, 142), (224, 127, 128), (104, 122, 158)),
    Look((170, 134, 122), (176, 112, 148), (52, 124, 134), (64, 140, 122)),
)


@cache
def pictures(face: int) -> tuple[bytes, ...]:
    """One sway of the person with this number, each picture whole in itself, so that any of them can come first."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height = WIDTH, HEIGHT
    encoder.pix_fmt, encoder.bit_rate = "yuv420p", BITS_PER_SECOND
    encoder.time_base = Fraction(1, PICTURES_PER_SECOND)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "g": "1", "lag-in-frames": "0"}
    packets = []
    for number in range(SWAYS):
        frame = drawn(LOOKS[face % len(LOOKS)], math.sin(2 * math.pi * number / SWAYS))
        frame.pts = number
        packets += encoder.encode(frame)
    return tuple(bytes(packet) for packet in packets + encoder.encode(None))


def drawn(look: Look, sway: float) -> av.VideoFrame:
    """The person from the chest up; `sway` from -1 (left) to 1 (right)."""
    canvas = Canvas(look.wall)
    middle, nod = WIDTH // 2 + round(7 * sway), round(2 * abs(sway))
    canvas.ellipse(middle - 3 * round(sway), HEIGHT + 22, 88, 66, look.shirt)
    canvas.ellipse(middle, 78 + nod, 45, 56, look.hair)
    canvas.ellipse(middle, 124 + nod, 15, 26, look.skin)
    canvas.ellipse(middle, 86 + nod, 35, 46, look.skin)
    for eye in (middle - 13, middle + 13):
        canvas.ellipse(eye, 80 + nod, 4, 4, (20, GREY, GREY))
    canvas.ellipse(middle, 108 + nod, 12, 3, (70, 118, 160))
    return canvas.frame()


class Canvas:
    """Three planes of YUV, the colours at half the size, painted row by row."""

    def __init__(self, wall: Ink) -> None:
        self.planes = [bytearray([ink]) * size for ink, size in zip(wall, sizes(), strict=True)]

    def ellipse(self, x: int, y: int, wide: int, high: int, ink: Ink) -> None:
        """Fill an ellipse around a middle, with its half axes in pixels of the whole picture."""
        for plane, (value, part) in enumerate(zip(ink, (1, 2, 2), strict=True)):
            across = WIDTH // part
            for row in range(max(0, (y - high) // part), min(HEIGHT // part, (y + high) // part + 1)):
                rest = 1 - ((row * part - y) / high) ** 2
                if rest <= 0:
                    continue
                half = wide * math.sqrt(rest)
                left, right = max(0, round((x - half) / part)), min(across, round((x + half) / part))
                self.planes[plane][row * across + left : row * across + right] = bytes([value]) * (right - left)

    def frame(self) -> av.VideoFrame:
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, pixels in zip(frame.planes, self.planes, strict=True):
            across = plane.width
            rows = (bytes(pixels[at : at + across]) for at in range(0, len(pixels), across))
            plane.update(b"".join(row.ljust(plane.line_size, b"\0") for row in rows))
        return frame


def sizes() -> tuple[int, int, int]:
    return WIDTH * HEIGHT, WIDTH * HEIGHT // 4, WIDTH * HEIGHT // 4
