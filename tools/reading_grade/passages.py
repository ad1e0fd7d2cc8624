"""What patients read, in passages long enough for a grade to mean something."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from backtolife.config import ROOT
from backtolife.text.catalogues import reading
from tools.catalogues.outside import outside
from tools.catalogues.pages import patient_pages

SHIPPED = ROOT / "backtolife/programme/plan/shipped"
READ = ("welcome.md", "agreement.md", "consents/*.md", "guides/*.en-GB.md")
SPOKEN = ("relaxation/*.md", "videos/*.md")
FOR_STAFF = {
    "authors_note",
    "contraindication_notes",
    "description",
    "facilitator_notes",
    "layouts",
    "lead_notes",
    "mic_policies",
    "milestone_safety.rule",
    "music_note",
    "review",
    "who_it_is_for",
}
"""Parts of the programme that only staff are shown."""
ALSO_READ = (
    "board/board.jinja",
    "programme/agreed/_sheet.jinja",
    "programme/calendar.jinja",
    "programme/consent/own.jinja",
    "programme/goals/mine.jinja",
    "programme/guides/[!st]*.jinja",
    "programme/guides/s[he]*.jinja",
    "programme/practice/[!_]*.jinja",
    "programme/practice/_[ef]*.jinja",
    "sessions/after/*.jinja",
    "sessions/room/[clrv]*.jinja",
    "sessions/trial/trial.jinja",
)
"""Pages of patients that the catalogue does not list as theirs."""
SCRIPTS = ("page", "player", "practice", "questionnaire", "shared", "trial", "room/[acp]*")
"""Folders of scripts that speak to patients."""
ENOUGH = 20
"""Words. A grade of less says little: neighbours are joined until they have as many."""
TOO_FEW = 8
"""Words. A page that says less in whole sentences has nothing to measure."""
A_SENTENCE = 4
"""Words. What has fewer is a label, which would make its neighbours look easier than they are."""
GAP = re.compile(r"%\(\w+\)[sd]")
NAMED_GAP = re.compile(r"\{(\w+)\}")
TAG = re.compile(r"<[^<>]*>")
PAUSE = re.compile(r"\[pause [^\]]*\]")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
SAID_IN_SCRIPT = re.compile(r"\"[A-Z][^\"\n]* [^\"\n]*\"|`[A-Z][^`]* [^`]*`")
GAP_IN_SCRIPT = re.compile(r"\$\{[^}]*\}")
ENDS = re.compile(r"[.?!]$")
MARK = re.compile(r"^(?:[-*]|\d+\.|#+|>)\s+|\*\*|`")


@dataclass(frozen=True)
class Passage:
    """Some text and where it stands: the file, and what of it."""

    where: str
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


def passages() -> list[Passage]:
    """Everything, in the same order each time."""
    found = [*pages(), *scripts(), *messages(), *documents(), *the_programme(), *exercises()]
    counted: dict[str, int] = {}
    named = []
    for each in found:
        number = counted[each.where] = counted.get(each.where, 0) + 1
        named.append(Passage(f"{each.where} {number}", each.text))
    return named


def pages() -> Iterator[Passage]:
    """The words of each page in the catalogue, and those of pages that are not in it yet."""
    root = ROOT / "templates"
    also = sorted(path.relative_to(root).as_posix() for pattern in ALSO_READ for path in root.glob(pattern))
    said: dict[str, list[str]] = {page: [] for page in (*patient_pages(), *also)}
    for message in reading.read(""):
        words = message.id if isinstance(message.id, str) else " ".join(message.id[-1:])
        for file, _ in message.locations:
            key = file.removeprefix("templates/")
            if words and (key in said or file.endswith(".py")):
                said.setdefault(key, []).append(words)
    for page in sorted(said):
        if page.endswith(".jinja"):
            said[page] += outside((root / page).read_text(encoding="utf-8"))
        yield from joined(page, said[page])


def scripts() -> Iterator[Passage]:
    """What scripts say. Words that end no sentence are parts of one, or no words at all."""
    for folder in SCRIPTS:
        found = (ROOT / "static/js").glob(f"{folder}/*.js" if "*" not in folder else f"{folder}/**/*.js")
        for path in sorted(found):
            code = COMMENT.sub("", path.read_text(encoding="utf-8"))
            said = (GAP_IN_SCRIPT.sub("Sam", each[1:-1]) for each in SAID_IN_SCRIPT.findall(code))
            yield from joined(
                path.relative_to(ROOT / "static").as_posix(), (each for each in said if each[-1:] in ".?!")
            )


def messages() -> Iterator[Passage]:
    """Each mail, text and letter, with the examples of its gaps filled in."""
    read = shipped("messages.yaml")
    examples = {name: str(gap["example"]) for name, gap in read["placeholders"].items()}
    examples |= dict.fromkeys(("link", "guest_link", "dates", "changed_dates"), "here")
    for template in read["templates"]:
        for kind in ("email", "sms", "letter"):
            words = template.get(kind, "")
            body = words if isinstance(words, str) else words["body"]
            filled = NAMED_GAP.sub(lambda gap: examples[gap[1]], body)
            yield from whole(f"messages {template['id']} {kind}", filled.split("\n"))


def documents() -> Iterator[Passage]:
    for pattern in (*READ, *SPOKEN):
        for path in sorted(SHIPPED.glob(pattern)):
            _, front, words = path.read_text(encoding="utf-8").split("---\n", 2)
            where = path.relative_to(SHIPPED).as_posix()
            told = yaml.safe_load(front)
            yield from joined(f"{where} front", said_in({key: told.get(key) for key in ("key_messages", "take_care")}))
            if pattern in SPOKEN:
                yield from joined(where, words.split("\n\n"))
                continue
            for section in re.split(r"(?m)^(?=## )", words):
                yield from whole(where, section.split("\n"))


def the_programme() -> Iterator[Passage]:
    read = shipped("programme.yaml")
    for session in read.pop("sessions"):
        yield from joined(f"programme session {session['number']}", said_in(session))
    yield from joined("programme", said_in(read))


def exercises() -> Iterator[Passage]:
    read = shipped("exercises.yaml")
    for exercise in read.pop("exercises"):
        yield from whole(f"exercises {exercise['id']}", said_in(exercise))
    yield from joined("exercises", said_in(read))


def shipped(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((SHIPPED / name).read_text(encoding="utf-8")))


def said_in(value: object, path: str = "") -> Iterator[str]:
    """Every string below that is read by patients and is more than a label."""
    name = path.rpartition(".")[2]
    if name in FOR_STAFF or path in FOR_STAFF:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            yield from said_in(each, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for each in value:
            yield from said_in(each, path)
    elif isinstance(value, str) and len(value.split()) >= A_SENTENCE:
        yield value


def whole(where: str, lines: Iterable[str]) -> Iterator[Passage]:
    """One passage of all lines, each of which ends a sentence."""
    text = " ".join(line for line in map(plain, lines) if len(line.split()) >= A_SENTENCE)
    if len(text.split()) >= TOO_FEW:
        yield Passage(where, text)


def joined(where: str, parts: Iterable[str]) -> Iterator[Passage]:
    """Neighbours joined until they have enough words; a rest goes with those before it."""
    heaps: list[list[str]] = [[]]
    for part in (each for each in map(plain, parts) if len(each.split()) >= A_SENTENCE):
        if len(" ".join(heaps[-1]).split()) >= ENOUGH:
            heaps.append([])
        heaps[-1].append(part)
    if len(heaps) > 1 and len(" ".join(heaps[-1]).split()) < ENOUGH:
        rest = heaps.pop()
        heaps[-1] += rest
    for heap in heaps:
        yield from whole(where, heap)


def plain(words: str) -> str:
    """Without marks, tags and gaps, and with a full stop where a line or a point of a list ends without one."""
    text = "\n".join(MARK.sub("", line.strip()) for line in words.strip().splitlines())
    text = PAUSE.sub("", TAG.sub("", GAP.sub("Sam", text))).replace("Back to Life", "Sam")
    text = re.sub(r"https?://\S+", "here", " ".join(text.split()))
    return text if not text or text.endswith((".", "?", "!")) else text.rstrip(" :;,") + "."
