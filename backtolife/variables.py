"""Reading single variables of the environment: words, lists and numbers, each refused in words that name it."""

from collections.abc import Mapping, Sequence

from backtolife.errors import Invalid

MOST, LAST_PORT = 10_000, 65_535
LONGEST_NUMBER = 9


def one_of(env: Mapping[str, str], name: str, words: Sequence[str], default: str) -> str:
    """The word in variable `name`. Raises Invalid when it is none of these."""
    text = env.get(name, default)
    if text not in words:
        raise Invalid(f"{name} is {text!r}. Use one of: {', '.join(words)}.")
    return text


def listed(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated value."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def number(env: Mapping[str, str], name: str, default: int, *, least: int = 0, most: int = MOST) -> int:
    """The whole number in variable `name`. Raises Invalid when it is not one from `least` to `most`."""
    text = env.get(name, "").strip()
    if not text:
        return default
    plain = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    if not plain or not least <= int(text) <= most:
        raise Invalid(f"{name} is {text!r}. Use a whole number from {least} to {most}.")
    return int(text)


def port(env: Mapping[str, str], name: str, default: int) -> int:
    """The port in variable `name`; 0 lets the system choose one. Raises Invalid when it is none."""
    return number(env, name, default, most=LAST_PORT)
