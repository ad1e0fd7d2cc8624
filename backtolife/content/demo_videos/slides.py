"""Slides for the demo's videos, drawn in our own colours with the type that Pillow brings along."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = (1280, 720)
PAPER, INK, SOFT = "#FBF8F3", "#23302F", "#4A5755"
ACCENT, DEEP, TINT, LINE = "#0E5F5B", "#083F3D", "#E1EEEB", "#DDD3C3"
LEFT, RIGHT = 96, 1184
SPINE = ((12.5, 2.3, 8, -16), (9.7, 8.4, 9.4, -6), (9.2, 14.8, 10.8, 8), (11.2, 21, 12, 14), (14.1, 27, 13, 10))
"""The five bars of our mark: left, top, width and turn, on a field of 34 by 34."""


@lru_cache(maxsize=16)
def font(size: int) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415 - in the optional extra

    return ImageFont.load_default(size)  # type: ignore[return-value]


def wrap(text: str, size: int, width: int) -> list[str]:
    """`text` in lines that are no wider than `width` pixels."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(size).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(text: str, *, sizes: Sequence[int], width: int, height: int) -> tuple[int, list[str]]:
    """The largest of `sizes` at which `text` fits into `width` by `height` pixels, and its lines."""
    for size in sizes:
        lines = wrap(text, size, width)
        if len(lines) * size * 1.35 <= height:
            return size, lines
    return sizes[-1], wrap(text, sizes[-1], width)


def write(
    draw: "ImageDraw", at: tuple[float, float], lines: Sequence[str], size: int, colour: str, *, bold: int = 0
) -> float:
    """Write `lines` from `at` downwards; where the next line would begin."""
    x, y = at
    for line in lines:
        draw.text((x, y), line, font=font(size), fill=colour, stroke_width=bold, stroke_fill=colour)
        y += size * 1.35
    return y


def canvas(background: str) -> tuple["Image", "ImageDraw"]:
    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("RGB", SIZE, background)
    return image, ImageDraw.Draw(image)


def mark(image: "Image", at: tuple[int, int], side: int, colour: str) -> None:
    """Our mark, a spine of five bars, in a square of `side` pixels."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    scale = side / 34
    for left, top, width, turn in SPINE:
        middle = (at[0] + (left + width / 2) * scale, at[1] + (top + 2.2) * scale)
        reach = round(width * scale) + 8
        bar = Image.new("L", (reach * 2, reach * 2), 0)
        half = (width * scale / 2, 2.2 * scale)
        ImageDraw.Draw(bar).rounded_rectangle(
            (reach - half[0], reach - half[1], reach + half[0], reach + half[1]), radius=half[1], fill=255
        )
        bar = bar.rotate(-turn, resample=Image.Resampling.BICUBIC)
        image.paste(colour, (round(middle[0]) - reach, round(middle[1]) - reach), bar)


def title_slide(title: str, session: int) -> "Image":
    """The first picture of a video."""
    image, draw = canvas(ACCENT)
    mark(image, (LEFT - 22, 84), 132, "#FFFFFF")
    draw.text((LEFT + 112, 128), "Back to Life", font=font(38), fill="#FFFFFF", stroke_width=1, stroke_fill="#FFFFFF")
    size, lines = fit(title, sizes=(96, 84, 72, 60), width=RIGHT - LEFT, height=280)
    below = write(draw, (LEFT, 290), lines, size, "#FFFFFF", bold=2)
    write(draw, (LEFT, below + 18), [f"Session {session}"], 44, TINT)
    return image


def talk_slide(heading: str, words: str, *, part: int, parts: int, strong: bool = False) -> "Image":
    """A heading and one thing that is being said. `strong` is for what to try at home."""
    paper, ink, top = (DEEP, "#FFFFFF", "#86D5C8") if strong else (PAPER, INK, ACCENT)
    image, draw = canvas(paper)
    if not strong:
        draw.rectangle((0, 0, SIZE[0], 14), fill=ACCENT)
    size, lines = fit(heading, sizes=(54, 48, 42), width=RIGHT - LEFT - 90, height=140)
    below = write(draw, (LEFT, 70), lines, size, top, bold=1)
    draw.line((LEFT, below + 14, LEFT + 120, below + 14), fill=top, width=6)
    size, lines = fit(words, sizes=(72, 64, 56, 50, 44), width=RIGHT - LEFT, height=round(560 - below))
    middle = below + 40 + (570 - below - 40 - len(lines) * size * 1.35) / 2
    write(draw, (LEFT, middle), lines, size, ink, bold=1)
    mark(image, (RIGHT - 44, 62), 60, top)
    dots(draw, part, parts, top, "#3A5E5B" if strong else LINE)
    return image


def list_slide(heading: str, points: Sequence[str], *, part: int, parts: int) -> "Image":
    """A heading and a few points, each with its bar."""
    image, draw = canvas(TINT)
    write(draw, (LEFT, 70), [heading], 54, ACCENT, bold=1)
    y, room = 180.0, 440 / max(len(points), 1)
    for point in points:
        size, lines = fit(point, sizes=(46, 42, 38, 34), width=RIGHT - LEFT - 50, height=round(room - 24))
        draw.rounded_rectangle((LEFT, y + 4, LEFT + 10, y + len(lines) * size * 1.35 - 4), radius=5, fill=ACCENT)
        write(draw, (LEFT + 44, y), lines, size, INK)
        y += room
    mark(image, (RIGHT - 44, 62), 60, ACCENT)
    dots(draw, part, parts, ACCENT, "#B5CFCB")
    return image


def dots(draw: "ImageDraw", part: int, parts: int, full: str, faint: str) -> None:
    """How far we are: a bar for each part, filled up to this one."""
    step = (RIGHT - LEFT) / parts
    for at in range(parts):
        left = LEFT + at * step
        draw.rounded_rectangle((left, 650, left + step - 12, 660), radius=5, fill=full if at < part else faint)


def save(image: "Image", path: Path) -> Path:
    """Keep the picture as a PNG that is quick to write."""
    image.save(path, compress_level=1)
    return path
