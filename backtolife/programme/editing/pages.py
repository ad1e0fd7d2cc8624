"""The pages of the editor: a session, its order, a section, home practice, a message, an exercise, a text."""

from functools import partial

from backtolife.programme.editing.documents import HEAD, WORDS
from backtolife.programme.editing.parts import (
    EXERCISES,
    MESSAGES,
    PLAN,
    Kind,
    Page,
    Part,
    Rows,
    order_part,
)
from backtolife.programme.editing.structure import KIND_WORDS, LONGER, inserted, skeleton
from backtolife.programme.plan.material import POSITIONS, Exercise
from backtolife.programme.plan.message_text import GAP
from backtolife.programme.plan.template import (
    LAYOUTS,
    MICROPHONES,
    PRACTICE_KINDS,
    Milestone,
    Programme,
    Session,
)

SPARE_ROWS = 2
NONE = "No exercise here"
NO_SECTION = "None: the session gets longer"
MICROPHONE_WORDS = {"open": "Open", "muted": "Muted at first", "facilitator_only": "Only facilitators speak"}
LAYOUT_WORDS = {"gallery": "Everybody in view", "speaker": "The lead large", "dim": "Dark and calm"}
MARKDOWN = "## begins a heading, - a point of a list. **Two stars** around words make them bold."
PAUSES = "[pause 5s] is five seconds of silence."


def session_page(session: Session) -> Page:
    parts = (
        Part("title", "Title", ("title",)),
        Part("theme", "Theme", ("theme",)),
        Part("summary", "Summary", ("summary",), Kind.TEXT),
        Part("learning_aims", "Learning aims", ("learning_aims",), Kind.LINES, "One on each line."),
        Part("lead_notes", "Notes for whoever leads", ("lead_notes",), Kind.TEXT, optional=True),
    )
    return Page(f"Session {session.number}", PLAN, ("sessions", session.number - 1), parts)


def order_page(session: Session) -> Page:
    """The order of the sections, their minutes, and which are taken out."""
    parts = [Part("live_minutes", "Minutes in all", ("live_minutes",), Kind.NUMBER, low=15, high=240)]
    for at, each in enumerate(session.sections):
        parts += [
            order_part(at, each.title, len(session.sections), removable=True),
            Part(f"minutes_{at}", f"{each.title}: minutes", ("live_plan", at, "minutes"), Kind.NUMBER, low=1, high=240),
        ]
    title = f"Session {session.number}: order and minutes"
    return Page(title, PLAN, ("sessions", session.number - 1), tuple(parts), Rows("live_plan"))


def practice_page(plan: Programme, session: Session) -> Page:
    """What to do until the next session."""
    kinds = tuple((each, each.capitalize()) for each in PRACTICE_KINDS)
    many = len(session.home_practice) + 1
    parts: list[Part] = []
    for at in range(many):
        name, place, spare = f"Practice {at + 1}", ("home_practice", at), at == many - 1
        parts += [
            Part(f"practice_{at}", name if not spare else "One more", (*place, "text"), Kind.TEXT, optional=spare),
            Part(f"kind_{at}", f"{name}: what it is", (*place, "kind"), Kind.CHOICE, choices=kinds),
            Part(f"ref_{at}", f"{name}: which one", (*place, "ref"), Kind.CHOICE, choices=things(plan), optional=True),
            Part(f"times_{at}", f"{name}: times a week", (*place, "times_per_week"), Kind.NUMBER, "", 1, 21, (), True),
            order_part(at, name, many, removable=True),
        ]
    title = f"Session {session.number}: home practice"
    stem = f"s{session.number}-practice"
    return Page(title, PLAN, ("sessions", session.number - 1), tuple(parts), Rows("home_practice", "practice", stem))


def things(plan: Programme) -> tuple[tuple[str, str], ...]:
    """What home practice may point to."""
    guides = [(each.id, f"Guide: {each.title}") for each in plan.guides.values() if each.language == plan.language]
    found = [(each.id, f"Video: {each.title}") for each in plan.videos.values()]
    found += [(each.id, f"Relaxation: {each.title}") for each in plan.relaxation.values()]
    found += [(each.id, f"Exercise: {each.name}") for each in plan.exercises.values()]
    return (("", "Nothing in particular"), *found, *guides)


def section_page(plan: Programme, session: Session, at: int) -> Page:
    section = session.sections[at]
    title = f"Session {session.number}: {section.title}"
    parts = section_parts(plan, section.kind, len(section.stations))
    rows = Rows("stations", "exercise") if section.kind == "exercise" else None
    return Page(title, PLAN, ("sessions", session.number - 1, "live_plan", at), parts, rows)


def new_section_page(plan: Programme, session: Session, kind: str, at: int) -> Page:
    """One more section of a kind, before the one that stands at `at`."""
    behind = ((str(number), f"After {each.title}") for number, each in enumerate(session.sections, start=1))
    after = (("0", "At the beginning"), *behind)
    gives = tuple((each.id, f"{each.title} ({each.minutes} minutes)") for each in session.sections)
    where = (
        Part("after", "Where", (), Kind.ASIDE, choices=after),
        Part("minutes", "Minutes", ("minutes",), Kind.NUMBER, low=1, high=240),
        Part("taken", "Which section gives these minutes?", (), Kind.ASIDE, choices=(*gives, (LONGER, NO_SECTION))),
    )
    fresh = skeleton(plan, session, kind)
    return Page(
        f"Session {session.number}: a new section, {KIND_WORDS[kind].lower()}",
        PLAN,
        ("sessions", session.number - 1, "live_plan", at),
        (*where, *section_parts(plan, kind, 0)),
        Rows("stations", "exercise") if kind == "exercise" else None,
        fresh,
        partial(inserted, fresh),
    )


def section_parts(plan: Programme, kind: str, stations: int) -> tuple[Part, ...]:
    parts = [
        Part("title", "Title", ("title",)),
        Part("mic", "Microphones", ("mic",), Kind.CHOICE, choices=tuple((w, MICROPHONE_WORDS[w]) for w in MICROPHONES)),
        Part("layout", "Picture", ("layout",), Kind.CHOICE, choices=tuple((w, LAYOUT_WORDS[w]) for w in LAYOUTS)),
        Part("patient_text", "Words for patients", ("patient_text",), Kind.TEXT),
        Part("facilitator_notes", "Notes for facilitators", ("facilitator_notes",), Kind.TEXT, optional=True),
    ]
    if kind == "reflection":
        parts.append(Part("prompts", "Prompts", ("prompts",), Kind.LINES, "Questions to talk about, one on each line."))
    if kind in ("relaxation", "mindfulness"):
        scripts = tuple((each.id, f"{each.title} ({each.minutes} minutes)") for each in plan.relaxation.values())
        music = tuple((each.id, each.title) for each in plan.music)
        parts.append(Part("script", "What is read aloud", ("script_id",), Kind.CHOICE, choices=scripts))
        parts.append(Part("music", "Music", ("music_id",), Kind.CHOICE, choices=music))
    if kind == "exercise":
        parts += circuit(plan, stations)
    return tuple(parts)


def circuit(plan: Programme, stations: int) -> list[Part]:
    moves = (("", NONE), *sorted(((each.id, each.name) for each in plan.exercises.values()), key=lambda each: each[1]))
    found = [
        Part("rounds", "Rounds", ("rounds",), Kind.NUMBER, low=1, high=20),
        Part("intro_seconds", "Seconds of introduction", ("intro_seconds",), Kind.NUMBER, high=3600),
        Part("cool_down_seconds", "Seconds of cool-down", ("cool_down_seconds",), Kind.NUMBER, high=3600),
    ]
    many = stations + SPARE_ROWS
    for at in range(many):
        name, place, spare = f"Station {at + 1}", ("stations", at), at >= stations
        work, rest = f"{name}: seconds of work", f"{name}: seconds of rest"
        found += [
            Part(f"exercise_{at}", name, (*place, "exercise"), Kind.CHOICE, choices=moves, optional=True),
            Part(f"work_{at}", work, (*place, "work_seconds"), Kind.NUMBER, "", 5, 1200, (), spare),
            Part(f"rest_{at}", rest, (*place, "rest_seconds"), Kind.NUMBER, "", 0, 1200, (), spare),
            order_part(at, name, many, removable=False),
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


def exercise_page(plan: Programme, exercise: Exercise) -> Page:
    at = list(plan.exercises).index(exercise.id)
    parts = (
        Part("name", "Name", ("name",)),
        Part("why", "What it is good for", ("why",), Kind.TEXT),
        *(
            Part(f"steps_{each}", f"Steps, {each}", ("variants", each), Kind.LINES, "One on each line.")
            for each in POSITIONS
        ),
        Part("easier", "How it is easier", ("easier",), Kind.TEXT),
        Part("harder", "How it is harder", ("harder",), Kind.TEXT),
        Part("start", "How much to begin with", ("dose", "start"), Kind.TEXT),
        Part("build", "How to do more", ("dose", "build"), Kind.TEXT),
        Part("stop_if", "Stop if", ("stop_if",), Kind.LINES, "One on each line."),
    )
    return Page(exercise.name, EXERCISES, ("exercises", at), parts)


def text_page(file: str, title: str) -> Page:
    """A text in Markdown: the agreement, the welcome, a guide, a relaxation."""
    hint = PAUSES if file.startswith("relaxation/") else MARKDOWN
    parts = (Part("title", "Title", (HEAD, "title")), Part("words", "Words", (WORDS,), Kind.TEXT, hint))
    return Page(title, file, (), parts)
