"""A page of results as plain words: its tables by name, its pictures by title, and all text outside them."""

import html
import re
from dataclasses import dataclass
from functools import cached_property

SPACED = r"</?(?:p|br|div|li|ol|td|th|h[1-6]|span|summary|details|section|figure|figcaption)\b[^>]*>"
"""Tags that stand between words; any other, such as of bold words, stands within them."""


def plain(markup: str) -> str:
    """Its words with one space between, and none before a stop."""
    spaced = re.sub(r"<[^>]+>", "", re.sub(SPACED, " ", markup))
    return re.sub(r" (?=[.,]( |$))", "", re.sub(r"\s+", " ", html.unescape(spaced)).strip())


@dataclass(frozen=True)
class Page:
    """The HTML of a page or a report."""

    markup: str

    @cached_property
    def main(self) -> str:
        return re.sub(r"<form.*?</form>", "", inside("main", self.markup)[0], flags=re.DOTALL)

    @property
    def tables(self) -> dict[str, list[list[str]]]:
        """The cells of each row, by the caption, the title of the picture beside it, or else the heading above."""
        found: dict[str, list[list[str]]] = {}
        above = ""
        for each in re.finditer(r"<table.*?</table>|<(figcaption|h[1-3])\b.*?</\1>", self.main, re.DOTALL):
            if each[1]:
                above = plain(each[0])
                continue
            name = next((plain(caption) for caption in inside("caption", each[0])), above)
            assert name not in found, f"Two tables are called “{name}”"
            found[name] = [cells_of(row) for row in inside("tr", each[0])]
        return found

    @property
    def pictures(self) -> dict[str, str]:
        """What each picture says to those who cannot see it, by its title."""
        return {
            plain(inside("figcaption", figure)[0]): plain(inside("desc", figure)[0])
            for figure in inside("figure", self.main)
        }

    @property
    def drawn(self) -> dict[str, list[str]]:
        """All words written into each picture, by its title."""
        return {
            plain(inside("figcaption", figure)[0]): [plain(each) for each in inside("text", figure)]
            for figure in inside("figure", self.main)
        }

    @property
    def bars(self) -> list[str]:
        """How long each bar is, of how much."""
        return [
            f"{value} of {most}" for most, value in re.findall(r'<progress[^>]* max="(.*?)" value="(.*?)"', self.main)
        ]

    @property
    def text(self) -> str:
        """Everything outside tables and pictures."""
        return plain(re.sub(r"<table.*?</table>|<svg.*?</svg>", " ", self.main, flags=re.DOTALL))


def inside(tag: str, markup: str) -> list[str]:
    return re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", markup, re.DOTALL)


def cells_of(row: str) -> list[str]:
    without = re.sub(r"<svg.*?</svg>", "", row, flags=re.DOTALL)
    return [plain(cell) for _, cell in re.findall(r"<(t[hd])\b[^>]*>(.*?)</\1>", without, re.DOTALL)]
