"""What stands around a figure: chairs, a wall, a table, a mat. Each is a piece of SVG for its place. Pure."""

from collections.abc import Callable

WOOD, DARK_WOOD, FABRIC, LINE = "#A58465", "#86694C", "#7FA39A", "#8A7B66"
FLOOR = 214


def box(x: float, y: float, width: float, height: float, colour: str, *, round_by: float = 2) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_by:g}" fill="{colour}"/>'


def chair(x: float) -> str:
    """Seen from the side, facing right; the middle of its seat is at x."""
    return (
        box(x - 24, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x + 23, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x - 28, 112, 8, 66, WOOD, round_by=4)
        + box(x - 28, 171, 58, 8, WOOD, round_by=4)
    )


def chair_turned(x: float) -> str:
    """Seen from the side, its back towards somebody at its left who holds on to it; x is its back."""
    return (
        box(x + 2, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x + 44, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x, 126, 8, 52, WOOD, round_by=4)
        + box(x, 171, 52, 8, WOOD, round_by=4)
    )


def chair_ahead(x: float) -> str:
    """Seen from the front or the back, somebody sitting on it."""
    return (
        box(x - 30, 108, 60, 22, WOOD, round_by=6)
        + box(x - 27, 108, 6, 70, WOOD)
        + box(x + 21, 108, 6, 70, WOOD)
        + box(x - 28, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x + 23, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x - 30, 170, 60, 9, WOOD, round_by=4)
    )


def chair_between(x: float) -> str:
    """A chair's back between us and somebody who holds on to it."""
    return (
        box(x - 26, 132, 52, 10, WOOD, round_by=5)
        + box(x - 26, 132, 6, FLOOR - 126, DARK_WOOD)
        + box(x + 20, 132, 6, FLOOR - 126, DARK_WOOD)
        + box(x - 26, 156, 52, 6, WOOD, round_by=3)
        + box(x - 26, 182, 52, 7, WOOD, round_by=3)
    )


def wall(x: float) -> str:
    return box(x, 0, 14, FLOOR, "#BDB3A2", round_by=0)


def table(x: float) -> str:
    """Its edge is at x; it goes on to the right."""
    return (
        box(x, 132, 320 - x, 8, WOOD, round_by=3)
        + box(x + 10, 140, 6, FLOOR - 140, DARK_WOOD)
        + box(300, 140, 6, 74, DARK_WOOD)
    )


def seat(x: float) -> str:
    """A chair that somebody sits on sideways: its back is on the far side."""
    return (
        box(x - 26, 112, 6, 66, DARK_WOOD)
        + box(x + 18, 112, 6, 66, DARK_WOOD)
        + box(x - 28, 110, 54, 20, WOOD, round_by=6)
        + box(x - 26, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x + 19, 176, 5, FLOOR - 176, DARK_WOOD)
        + box(x - 30, 171, 58, 8, WOOD, round_by=4)
    )


def mat(x: float) -> str:
    return box(x, 208, 320 - 2 * x, 7, FABRIC, round_by=3)


def pillow(x: float) -> str:
    return f'<ellipse cx="{x:g}" cy="205" rx="20" ry="5" fill="#F4F1EA"/>'


def step(x: float) -> str:
    return box(x, 190, 46, FLOOR - 190, DARK_WOOD, round_by=3)


def mat_above(x: float) -> str:
    """A mat or a bed seen from above, over the whole floor."""
    return box(x, 40, 320 - 2 * x, 150, FABRIC, round_by=10)


def pillow_above(x: float) -> str:
    return f'<rect x="{x:g}" y="88" width="44" height="62" rx="14" fill="#F4F1EA"/>'


def pillow_between_knees(x: float) -> str:
    return f'<rect x="{x:g}" y="86" width="34" height="20" rx="9" fill="#F4F1EA"/>'


THINGS: dict[str, Callable[[float], str]] = {
    function.__name__: function
    for function in (
        chair,
        chair_turned,
        chair_ahead,
        chair_between,
        wall,
        table,
        seat,
        mat,
        pillow,
        step,
        mat_above,
        pillow_above,
        pillow_between_knees,
    )
}

HELD = {"bag": (22, 17, "#8A4B38"), "book": (20, 13, "#7A5AA6"), "": (0, 0, "none")}
"""What the hands may hold: width, height and colour."""
