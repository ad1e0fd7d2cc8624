"""Which colour a service may have: one that everybody can read, by the contrast of WCAG 2.2."""

import re

from backtolife.errors import Invalid

WHITE, SAND = "#ffffff", "#f1eadf"
GROUNDS = {"white": WHITE, "the sand of our cards": SAND}
"""What our colour is written on, or what is written on it."""
READABLE = 4.5
"""WCAG 2.2, 1.4.3: the contrast of text with what it stands on."""
HEX = re.compile(r"#?[0-9a-f]{6}")
DEEPER, TINT = 0.66, 0.12
LEAST_YEARS, MOST_YEARS = 1, 30


def colour_kept(typed: str) -> str:
    """The colour as we keep it, such as #0e5f5b; empty for ours. Raises Invalid, with the ratio, for a pale one."""
    found = typed.strip().lower()
    if not found:
        return ""
    if HEX.fullmatch(found) is None:
        raise Invalid("Enter a colour as # and six signs, such as #0e5f5b.", "colour")
    colour = f"#{found.lstrip('#')}"
    for name, ground in GROUNDS.items():
        ratio = contrast(colour, ground)
        if ratio < READABLE:
            raise Invalid(
                f"{colour} on {name} has a contrast of {shown(ratio)} to 1. People need {READABLE} to 1 or more to "
                "read it. Choose a darker colour.",
                "colour",
            )
    return colour


def shown(ratio: float) -> str:
    """Cut off, never rounded up: 4.49 must not read as 4.5."""
    return f"{int(ratio * 100) / 100:.2f}"


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (linear(part / 255) for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def shades(colour: str) -> dict[str, str]:
    """The values of our sheets that a service's colour stands for: itself, deeper ones, and a pale one behind text."""
    return {
        "--accent": colour,
        "--accent-deep": mixed(colour, "#000000", DEEPER),
        "--accent-hover": mixed(colour, "#000000", (1 + DEEPER) / 2),
        "--accent-tint": mixed(colour, WHITE, TINT),
    }


def mixed(colour: str, other: str, share: float) -> str:
    """So much of the one, and the rest of the other."""
    both = zip(parts(colour), parts(other), strict=True)
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02x}" for one, two in both)


def check_years(years: int) -> int:
    """Raise Invalid for a time that nobody keeps records for."""
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise Invalid(f"Records are kept for {LEAST_YEARS} to {MOST_YEARS} years.", "keep_years")
    return years
