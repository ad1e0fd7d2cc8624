"""A picture as SVG text, with its words for those who hear it and its table for those who would rather read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from backtolife.errors import Invalid

INK, SOFT, LINE, FAINT = "#23302F", "#4A5755", "#756E61", "#DDD3C3"
ACCENT, ALERT, SAND, CARD = "#0E5F5B", "#97231A", "#F1EADF", "#FFFFFF"
FONT = "Segoe UI, Roboto, Arial, Liberation Sans, sans-serif"
SIZE = 14
NAME = re.compile(r"[a-z][a-z0-9-]*")

Number = float | None
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`svg` stands alone or inline. `columns` and `rows` say the same as a table, to be shown beside it."""

    svg: str
    title: str
    description: str
    columns: Row
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Canvas:
    """A drawing of `width` by `height` units; everything drawn is kept in order."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str = LINE, **more: object) -> None:
        """A straight line; `more` are attributes such as stroke_width or stroke_dasharray."""
        self.add("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=colour, **more)

    def path(self, points: Sequence[tuple[float, float]], colour: str, **more: object) -> None:
        """A line through `points`, open."""
        joined = " ".join(f"{short(x)},{short(y)}" for x, y in points)
        self.add("polyline", points=joined, fill="none", stroke=colour, **more)

    def box(self, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
        """A filled rectangle."""
        self.add("rect", x=corner[0], y=corner[1], width=size[0], height=size[1], fill=colour)

    def dot(self, at: tuple[float, float], colour: str, radius: float = 4) -> None:
        """A filled circle with a light rim, so that dots that touch stay apart."""
        self.add("circle", cx=at[0], cy=at[1], r=radius, fill=colour, stroke=CARD, stroke_width=1)

    def diamond(self, at: tuple[float, float], colour: str, reach: float = 8) -> None:
        """What stands out by its shape, not by its colour alone."""
        x, y = at
        corners = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
        joined = " ".join(f"{short(one)},{short(two)}" for one, two in corners)
        self.add("polygon", points=joined, fill=colour, stroke=CARD, stroke_width=1)

    def text(
        self, at: tuple[float, float], words: str, *, anchor: str = "start", colour: str = INK, bold: bool = False
    ) -> None:
        """Words whose base line begins, centres ("middle") or ends ("end") at `at`."""
        weight = {"font_weight": 700} if bold else {}
        self.add("text", escape(words), x=at[0], y=at[1], text_anchor=anchor, fill=colour, **weight)

    def add(self, tag: str, inside: str = "", /, **attributes: object) -> None:
        written = "".join(
            f' {name.replace("_", "-")}="{escape(short(value) if isinstance(value, float) else str(value))}"'
            for name, value in attributes.items()
        )
        self.parts.append(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")

    def picture(self, name: str, title: str, description: str, columns: Row, rows: Sequence[Row]) -> Picture:
        """The finished picture. `name` is its id on the page: small letters, digits and hyphens, or Invalid."""
        if not NAME.fullmatch(name):
            raise Invalid("A picture's name is made of small letters, digits and hyphens.")
        width, height = short(self.width), short(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="btl-svg" role="img" {size} '
            f'aria-labelledby="{name}-title {name}-words" font-family="{FONT}" font-size="{SIZE}">'
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )
        return Picture(svg, title, description, columns, tuple(rows))


def short(number: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def written(number: Number, places: int = 1) -> str:
    """A number as people read it, with a real minus; words where there is none."""
    if number is None:
        return "not known"
    # Halves go up, as people round: 62.5 is 63. What a binary fraction adds after nine digits is noise.
    text = str(Decimal(f"{number:.9f}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return f"−{text[1:]}" if text.startswith("-") and float(text) else text.lstrip("-")


def span(low: Number, high: Number, places: int = 1) -> str:
    """An interval in words; empty where there is none."""
    return "" if low is None or high is None else f"{written(low, places)} to {written(high, places)}"
