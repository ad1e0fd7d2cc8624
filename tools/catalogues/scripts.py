"""What a script says to patients outside the catalogue: strings that read as words, and are given to no `gettext`."""

import re
from collections.abc import Iterator

from backtolife.config import ROOT
from backtolife.web.said.script_words import FOLDER, files_of
from tools.catalogues.gathering import SCRIPT_KEYWORDS
from tools.catalogues.pages import patient_pages
from tools.catalogues.script_tokens import Piece, pieces

ALSO = ("content/relaxation/tracks.jinja", "programme/practice/diary.jinja", "sessions/after/gone.jinja")
"""Pages of patients that `pages.py` does not list."""
ROOM = "room/patient.js"
OF_STAFF = ("page/idle.js", "page/passkeys.js", "page/recovery-codes.js")
"""Only for staff, who read English."""
NO_WORDS = frozenset(
    [
        *("Escape", "Only facilitators", "Only ", "Camera", "Microphone", "Good", "Weak", "Lost", "Checking"),
        *("signed out", "somebody else", "io server disconnect", "no token", "audio, video", "under the voice"),
        *("exercising way", "exercising feels"),
    ]
)
"""Names that scripts give one another and nobody reads."""
TO_PEOPLE_WHO_WRITE_SCRIPTS = frozenset(["Error", "TypeError", "RangeError"])
LOADED = re.compile(r"filename='js/([\w/-]+\.js)'")
OPENING, CLOSING = ("(", "{", "["), (")", "}", "]")
A_WORD = re.compile(r"[A-Za-z][a-z’']*[.,:;!?]?")
ALONE = re.compile(r"[A-Z][a-z’']+[.:!?]?")


def scripts_of_patients() -> list[str]:
    """By their paths below the folder of scripts: all that a patient's page may load."""
    templates = (ROOT / "templates" / page for page in (*patient_pages(), *ALSO))
    entries = {name for path in templates for name in LOADED.findall(path.read_text(encoding="utf-8"))} - {*OF_STAFF}
    return sorted(files_of(frozenset({*entries, ROOM}), ""))


def outside_in_scripts() -> Iterator[tuple[str, str]]:
    """The script, and what it says."""
    for name in scripts_of_patients():
        for words in outside_script((FOLDER / name).read_text(encoding="utf-8")):
            yield name, words


def outside_script(source: str) -> list[str]:
    """The words of a script that the catalogue does not have."""
    found = list(pieces(source))
    return [said for at, each in enumerate(found) if (said := words_of(each)) and not is_let_through(found, at)]


def words_of(piece: Piece) -> str:
    """What it says, if it reads as words; else nothing."""
    if piece.kind not in ("string", "template"):
        return ""
    said = piece.said.replace("${}", " ")
    parts = said.split()
    plain = [each for each in parts if A_WORD.fullmatch(each)]
    many = len(plain) > 1 and 2 * len(plain) > len(parts)
    alone = any(map(ALONE.fullmatch, parts))
    return said if said not in NO_WORDS and (many or alone) else ""


def is_let_through(found: list[Piece], at: int) -> bool:
    """Whether it goes to the catalogue, or to who writes scripts: it is told by the call that it stands in."""
    depth = 0
    for place in range(at - 1, 0, -1):
        sign = found[place].text
        if sign in CLOSING:
            depth += 1
        elif sign in OPENING and depth:
            depth -= 1
        elif sign in OPENING:
            return sign == "(" and found[place - 1].text in {*SCRIPT_KEYWORDS, *TO_PEOPLE_WHO_WRITE_SCRIPTS}
    return False
