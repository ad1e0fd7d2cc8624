"""Reading exercises, scripts, guides and messages from their files. A bad file raises Invalid with file and line."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from backtolife.errors import Invalid
from backtolife.programme.plan.material import (
    EXERCISE_GROUPS,
    POSITIONS,
    Exercise,
    Guide,
    MessageTemplate,
    Placeholder,
    RelaxationScript,
    ScriptChapter,
    Spoken,
    VideoScript,
)
from backtolife.programme.plan.message_text import HEALTH_WORDS, gaps, longest_sms
from backtolife.programme.plan.yaml_lines import Marked, read_front_matter, read_yaml
from backtolife.text.gsm import SMS_CHARACTERS

T = TypeVar("T")
PUBLISHED = "published"
ABOUT = ("id", "language", "licence", "status", "title", "version")
"""Names that say something about a file to its readers; some kinds of file use them besides."""
MOVING_SAFELY = ("effort_scale", "how_to_use", "pain_guide", "stop_rules", "who_should_check_first")
"""Names in the exercises' file that `moving_safely` reads, or people."""
PAUSE = re.compile(r"\[pause (\d{1,3})s\]")


def read_exercises(root: Path, name: str) -> dict[str, Exercise]:
    """Every exercise of the library, by id."""
    document = read_yaml(root / name, root)
    equipment = {key for key, _ in document.keyed("equipment_key")}
    found: dict[str, Exercise] = {}
    for entry in document.each("exercises", at_least=1):
        exercise = read_exercise(entry, equipment)
        if exercise.id in found:
            entry.refuse(f"the exercise id {exercise.id} is used twice.")
        found[exercise.id] = exercise
    document.refuse_unread(*ABOUT, *MOVING_SAFELY)
    return found


def read_exercise(entry: Marked, equipment: set[str]) -> Exercise:
    variants = {name: entry.at("variants").texts(name, at_least=1) for name in POSITIONS}
    dose = entry.at("dose")
    low = dose.whole("effort_from", 0, 10)
    return Exercise(
        id=entry.identifier(),
        name=entry.text("name"),
        group=entry.choice("group", EXERCISE_GROUPS),
        why=entry.text("why"),
        variants=variants,
        dose_start=dose.text("start"),
        dose_build=dose.text("build"),
        effort_from=low,
        effort_to=dose.whole("effort_to", low, 10),
        effort_talk=dose.text("effort_talk"),
        easier=entry.text("easier"),
        harder=entry.text("harder"),
        stop_if=entry.texts("stop_if", at_least=1),
        equipment=entry.choice("equipment", equipment),
        contraindication_notes=entry.texts("contraindication_notes"),
    )


def read_folder(root: Path, name: str, read: Callable[[Path, Path], T], key: Callable[[T], str]) -> dict[str, T]:
    """Read every Markdown file of a folder, keyed by `key`; two with the same key are refused."""
    if not (root / name).is_dir():
        raise Invalid(f"{name}, line 1: the folder is missing.")
    found: dict[str, T] = {}
    for path in sorted((root / name).glob("*.md")):
        item = read(path, root)
        if key(item) in found:
            raise Invalid(f"{path.relative_to(root)}, line 2: the id {key(item)} is used twice.")
        found[key(item)] = item
    return found


def read_video(path: Path, root: Path) -> VideoScript:
    head, body = read_front_matter(path, root)
    paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip())
    if not paragraphs:
        head.refuse("the script has no words after its front matter.")
    chapters: list[ScriptChapter] = []
    for entry in head.each("chapters", at_least=1):
        after = chapters[-1].paragraph + 1 if chapters else 1
        if not chapters and entry.whole("paragraph") != 1:
            entry.refuse("the first chapter must begin with paragraph 1.")
        chapters.append(ScriptChapter(entry.text("heading"), entry.whole("paragraph", after, len(paragraphs))))
    script = VideoScript(
        id=head.identifier(),
        session=head.whole("session", 1, 9),
        title=head.text("title"),
        language=head.text("language"),
        estimated_minutes=head.whole("estimated_minutes", 1, 60),
        version=head.text("version"),
        chapters=tuple(chapters),
        key_messages=head.texts("key_messages", at_least=1),
        reflection_prompts=head.texts("reflection_prompts", at_least=1),
        paragraphs=paragraphs,
    )
    head.refuse_unread(*ABOUT, "transcript_language")
    return script


def read_relaxation(path: Path, root: Path) -> RelaxationScript:
    head, body = read_front_matter(path, root)
    pieces = PAUSE.split(body)
    pauses = [int(seconds) for seconds in pieces[1::2]] + [0]
    spoken = tuple(
        Spoken(" ".join(words.split()), pause)
        for words, pause in zip(pieces[::2], pauses, strict=True)
        if words.strip()
    )
    if not spoken or "[" in "".join(part.text for part in spoken):
        head.refuse("the script needs words, and every pause written as [pause 5s].")
    script = RelaxationScript(
        id=head.identifier(),
        title=head.text("title"),
        kind=head.text("kind"),
        language=head.text("language"),
        minutes=head.whole("minutes", 1, 60),
        words_per_minute=head.whole("reading_pace_words_per_minute", 40, 250),
        positions=head.choices("positions", POSITIONS, at_least=1),
        eyes=head.text("eyes"),
        take_care=head.text("take_care"),
        spoken=spoken,
    )
    head.refuse_unread(*ABOUT, "pause_marker")
    return script


def read_guide(path: Path, root: Path) -> Guide:
    head, body = read_front_matter(path, root)
    if not body:
        head.refuse("the guide has no words after its front matter.")
    guide = Guide(
        id=head.identifier(),
        title=head.text("title"),
        language=head.text("language"),
        right_to_left=head.optional_text("direction", "ltr") == "rtl",
        audience=head.choice("audience", ("patients", "staff")),
        version=head.text("version"),
        publish=head.flag("publish", default=True),
        i_want_to=head.optional_text("i_want_to"),
        best_for=head.optional_text("best_for"),
        body=body,
    )
    head.refuse_unread(*ABOUT, "needs_consent", "translation", "translation_of", "translations")
    return guide


def read_messages(root: Path, name: str) -> tuple[dict[str, Placeholder], dict[str, MessageTemplate]]:
    """The placeholders and the message templates, each by its name or id."""
    document = read_yaml(root / name, root)
    placeholders: dict[str, Placeholder] = {}
    for key, entry in document.keyed("placeholders"):
        longest = entry.whole("max_length", 1, 2000)
        example = entry.text("example")
        if len(example) > longest:
            entry.refuse(f"the example of {key} is longer than its max_length of {longest}.")
        placeholders[key] = Placeholder(key, longest, example)
    found: dict[str, MessageTemplate] = {}
    for entry in document.each("templates", at_least=1):
        template = read_message(entry, placeholders)
        if template.id in found:
            entry.refuse(f"the message id {template.id} is used twice.")
        found[template.id] = template
    document.refuse_unread(*ABOUT, "rules", "templates.letter.note")
    return placeholders, found


def read_translations(
    root: Path, name: str, placeholders: Mapping[str, Placeholder], messages: Mapping[str, MessageTemplate]
) -> dict[tuple[str, str], MessageTemplate]:
    """Words of messages in other languages, by id and language: `messages.cy.yaml` beside `messages.yaml`. A file whose
    status is not published is checked, and nobody is sent its words.
    """
    found: dict[tuple[str, str], MessageTemplate] = {}
    for path in sorted((root / name).parent.glob(f"{Path(name).stem}.*.yaml")):
        document = read_yaml(path, root)
        language, published = document.text("language"), document.text("status") == PUBLISHED
        if path.name != f"{Path(name).stem}.{language}.yaml":
            document.refuse(f"the name of the file and its language, {language}, are not the same.")
        for entry in document.each("templates", at_least=1):
            template = read_message(entry, placeholders)
            if template.id not in messages:
                entry.refuse(f"there is no message {template.id} to translate.")
            if published:
                found[template.id, language] = template
        document.refuse_unread(*ABOUT)
    return found


def read_message(entry: Marked, placeholders: Mapping[str, Placeholder]) -> MessageTemplate:
    entry.only(("id", "title", "trigger", "email", "sms", "letter"))
    subject = entry.at("email").at("subject")
    bodies = {"email": entry.at("email").at("body")}
    if entry.has("sms"):
        bodies["sms"] = entry.at("sms")
    if entry.has("letter"):
        bodies["letter"] = entry.at("letter").at("body")
    for words in (subject, *bodies.values()):
        check_words(words, placeholders)
    for public in (subject, *([bodies["sms"]] if "sms" in bodies else [])):
        told = HEALTH_WORDS.search(public.as_text())
        if told:
            public.refuse(f"no health details in a subject or an SMS: take out {told.group()!r}.")
    if "sms" in bodies:
        check_sms(bodies["sms"], placeholders)
    return MessageTemplate(
        id=entry.identifier(),
        title=entry.text("title"),
        trigger=entry.text("trigger"),
        subject=subject.as_text(),
        bodies={channel: words.as_text() for channel, words in bodies.items()},
    )


def check_words(words: Marked, placeholders: Mapping[str, Placeholder]) -> None:
    try:
        unknown = [name for name in gaps(words.as_text()) if name not in placeholders]
    except Invalid as error:
        words.refuse(error.message)
    if unknown:
        words.refuse(f"{{{unknown[0]}}} is not among the placeholders of this file.")


def check_sms(words: Marked, placeholders: Mapping[str, Placeholder]) -> None:
    try:
        length = longest_sms(words.as_text(), placeholders)
    except Invalid as error:
        words.refuse(error.message)
    if length > SMS_CHARACTERS:
        words.refuse(f"the SMS can reach {length} characters with every placeholder full. The limit is 160.")
