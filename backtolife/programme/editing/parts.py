"""What of a programme can be changed on one page: each part with its words, and where in its file it stands."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backtolife.programme.plan.message_text import GAP
from backtolife.programme.plan.template import LAYOUTS, MICROPHONES, Milestone, Programme, Section, Session, Station

Place = tuple[str | int, ...]
SPARE_ROWS = 2
PLAN = "programme.yaml"
MESSAGES = "messages.yaml"
MICROPHONE_WORDS = {"open": "Open", "muted": "Muted at first", "facilitator_only": "Only facilitators speak"}
LAYOUT_WORDS = {"gallery": "Everybody in view", "speaker": "The lead large", "dim": "Dark and calm"}
NONE = "No exercise here"


class Kind(StrEnum):
    """How a part is typed."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    """One to a line."""
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Part:
    """One thing to type. An empty one that is `optional` is left out of the file."""

    name: str
    label: str
    place: Place
    kind: Kind = Kind.LINE
    hint: str = ""
    low: int = 0
    high: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Page:
    """The parts that are changed together: of which file, and where in it."""

    title: str
    file: str
    base: Place
    parts: tuple[Part, ...]


def session_page(session: Session) -> Page:
    minutes = (
        Part(f"minutes_{at}", f"Minutes: {each.title}", ("live_plan", at, "minutes"), Kind.NUMBER, low=1, high=240)
        for at, each in enumerate(session.sections)
    )
    practice = (
        Part(f"practice_{at}", f"Home practice {at + 1}", ("home_practice", at, "text"), Kind.TEXT)
        for at, _ in enumerate(session.home_practice)
    )
    parts = (
        Part("title", "Title", ("title",)),
        Part("summary", "Summary", ("summary",), Kind.TEXT),
        Part("learning_aims", "Learning aims", ("learning_aims",), Kind.LINES, "One on each line."),
        *minutes,
        *practice,
        Part("lead_notes", "Notes for whoever leads", ("lead_notes",), Kind.TEXT, optional=True),
    )
    return Page(f"Session {session.number}", PLAN, ("sessions", session.number - 1), parts)


def section_page(plan: Programme, session: Session, at: int) -> Page:
    section = session.sections[at]
    parts = [
        Part("title", "Title", ("title",)),
        Part("mic", "Microphones", ("mic",), Kind.CHOICE, choices=tuple((w, MICROPHONE_WORDS[w]) for w in MICROPHONES)),
        Part("layout", "Picture", ("layout",), Kind.CHOICE, choices=tuple((w, LAYOUT_WORDS[w]) for w in LAYOUTS)),
        Part("patient_text", "Words for patients", ("patient_text",), Kind.TEXT),
        Part("facilitator_notes", "Notes for facilitators", ("facilitator_notes",), Kind.TEXT, optional=True),
    ]
    if section.kind == "reflection":
        parts.append(Part("prompts", "Prompts", ("prompts",), Kind.LINES, "Questions to talk about, one on each line."))
    if section.kind == "exercise":
        parts += circuit(plan, section)
    title = f"Session {session.number}: {section.title}"
    return Page(title, PLAN, ("sessions", session.number - 1, "live_plan", at), tuple(parts))


def circuit(plan: Programme, section: Section) -> list[Part]:
    moves = (("", NONE), *sorted(((each.id, each.name) for each in plan.exercises.values()), key=lambda each: each[1]))
    found = [
        Part("rounds", "Rounds", ("rounds",), Kind.NUMBER, low=1, high=20),
        Part("intro_seconds", "Seconds of introduction", ("intro_seconds",), Kind.NUMBER, high=3600),
        Part("cool_down_seconds", "Seconds of cool-down", ("cool_down_seconds",), Kind.NUMBER, high=3600),
    ]
    for at in range(len(section.stations) + SPARE_ROWS):
        name, place, spare = f"Station {at + 1}", ("stations", at), at >= len(section.stations)
        found += [
            Part(f"exercise_{at}", name, (*place, "exercise"), Kind.CHOICE, choices=moves, optional=True),
            Part(
                f"work_{at}", f"{name}: seconds of work", (*place, "work_seconds"), Kind.NUMBER, "", 5, 1200, (), spare
            ),
            Part(
                f"rest_{at}", f"{name}: seconds of rest", (*place, "rest_seconds"), Kind.NUMBER, "", 0, 1200, (), spare
            ),
        ]
    return found


def message_page(plan: Programme, message_id: str) -> Page:
    """Raises KeyError for a message that the programme does not have."""
    message = plan.messages[message_id]
    known = sorted({name for words in (message.subject, *message.bodies.values()) for name in GAP.findall(words)})
    hint = f"Filled in for each person: {', '.join('{' + name + '}' for name in known)}."
    parts = [
        Part("subject", "Subject of the e-mail", ("email", "subject")),
        Part("email", "E-mail", ("email", "body"), Kind.TEXT, hint),
    ]
    if "sms" in message.bodies:
        parts.append(Part("sms", "Text message", ("sms",), Kind.TEXT, "At most 160 characters when all is filled in."))
    if "letter" in message.bodies:
        parts.append(Part("letter", "Letter", ("letter", "body"), Kind.TEXT))
    return Page(message.title, MESSAGES, ("templates", list(plan.messages).index(message_id)), tuple(parts))


def milestone_page(plan: Programme, milestone: Milestone) -> Page:
    at = plan.milestones.index(milestone)
    parts = (
        Part("label", "Name", ("label",)),
        Part("before", "Days open before", ("window_days", "before"), Kind.NUMBER, high=365),
        Part("after", "Days open after", ("window_days", "after"), Kind.NUMBER, high=365),
        Part("patient_text", "Words for patients", ("patient_text",), Kind.TEXT),
    )
    return Page(milestone.label, PLAN, ("milestones", at), parts)


def at_place(data: Any, place: Place) -> Any:
    """What stands there; None where nothing does."""
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def shown(part: Part, data: Any) -> Any:
    """What the field shows of the page's `data`."""
    value = at_place(data, part.place)
    if part.kind is Kind.LINES:
        return "\n".join(value or ())
    return value.strip() if isinstance(value, str) else value


def changed(document: Any, page: Page, typed: dict[str, Any]) -> Any:
    """The whole file's `document` with what was typed; what is the same but for blanks at its ends stays."""
    document = deepcopy(document)
    data = at_place(document, page.base)
    for part in page.parts:
        if typed[part.name] != shown(part, data):
            put(data, part, typed[part.name])
    if isinstance(data, dict) and "stations" in data:
        data["stations"] = [each for each in data["stations"] if each.get("exercise")]
    return document


def put(data: Any, part: Part, value: Any) -> None:
    *way, last = part.place
    inside = data
    for step in way:
        if isinstance(inside, list) and isinstance(step, int) and step >= len(inside):
            inside.extend({} for _ in range(step - len(inside) + 1))
        inside = inside[step]
    before = at_place(data, part.place)
    if value in ("", None) and part.optional:
        inside.pop(last, None)
    elif part.kind is Kind.LINES:
        inside[last] = [line.strip() for line in value.split("\n") if line.strip()]
    else:
        inside[last] = value + "\n" if isinstance(before, str) and before.endswith("\n") else value


def about(page: Page, place: Place, typed: dict[str, Any]) -> str | None:
    """The name of the field that a refused place of the file belongs to. Stations left empty are not in the file."""
    inside = place[len(page.base) :] if place[: len(page.base)] == page.base else ()
    if len(inside) > 1 and inside[0] == "stations" and isinstance(inside[1], int):
        rows = [at for at in range(len(page.parts)) if typed.get(f"exercise_{at}")]
        inside = ("stations", rows[inside[1]], *inside[2:]) if inside[1] < len(rows) else inside
    exact = next((each.name for each in page.parts if inside[: len(each.place)] == each.place), None)
    ways = [inside[:length] for length in range(len(inside), 0, -1)]
    within = (each.name for way in ways for each in page.parts if each.place[: len(way)] == way)
    circuit_itself = "work_0" if "work_0" in typed and not exact else None
    return exact or next(within, circuit_itself)


def missing_gaps(before: str, after: str) -> list[str]:
    """Placeholders that the words had and have no more, without the polite ones."""
    return [name for name in dict.fromkeys(GAP.findall(before)) if name in NEEDED and f"{{{name}}}" not in after]


NEEDED = frozenset(
    {"link", "guest_link", "code", "date", "time", "dates", "changed_dates", "old_date", "close_date", "minutes_valid"}
)
"""Without these a message does not do what it is sent for."""


def exercises_of(plan: Programme, stations: Sequence[Station]) -> list[tuple[Station, str]]:
    return [(each, plan.exercises[each.exercise_id].name) for each in stations]
