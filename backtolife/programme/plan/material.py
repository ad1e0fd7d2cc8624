"""What the programme is made of beside its plan: exercises, scripts to speak, guides to read, messages to send."""

from collections.abc import Mapping
from dataclasses import dataclass, field

POSITIONS = ("sitting", "standing", "lying")
EXERCISE_GROUPS = ("warm_up", "aerobic", "strength", "mobility", "stretch", "function", "balance")
CHANNELS = ("email", "sms", "letter")


@dataclass(frozen=True)
class Exercise:
    """One move, told for each position. Effort is on the 0 to 10 scale; contraindications are for clinicians only."""

    id: str
    name: str
    group: str
    why: str
    variants: Mapping[str, tuple[str, ...]]
    dose_start: str
    dose_build: str
    effort_from: int
    effort_to: int
    effort_talk: str
    easier: str
    harder: str
    stop_if: tuple[str, ...]
    equipment: str
    contraindication_notes: tuple[str, ...]


@dataclass(frozen=True)
class ScriptChapter:
    """A heading and the number (from 1) of the paragraph it begins with."""

    heading: str
    paragraph: int


@dataclass(frozen=True)
class VideoScript:
    """The words of one education video, paragraph by paragraph."""

    id: str
    session: int
    title: str
    language: str
    estimated_minutes: int
    version: str
    chapters: tuple[ScriptChapter, ...]
    key_messages: tuple[str, ...]
    reflection_prompts: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Spoken:
    """Words to read aloud, then silence in seconds."""

    text: str
    pause_seconds: int


@dataclass(frozen=True)
class RelaxationScript:
    """A guided relaxation: what to say and how long to wait after each part."""

    id: str
    title: str
    kind: str
    language: str
    minutes: int
    words_per_minute: int
    positions: tuple[str, ...]
    eyes: str
    take_care: str
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True)
class Guide:
    """A page to read, in Markdown. `publish` is False for a translation that somebody has to sign first."""

    id: str
    title: str
    language: str
    right_to_left: bool
    audience: str
    version: str
    publish: bool
    i_want_to: str
    """Of a guide for patients: what somebody wants who needs it, after “I want to”. Empty: its title says it."""
    best_for: str
    """Who it is best for, as a heading of the list; empty for everybody."""
    body: str


@dataclass(frozen=True)
class Placeholder:
    """A gap in a message: how many characters may fill it, and what that looks like."""

    name: str
    max_length: int
    example: str


@dataclass(frozen=True)
class MessageTemplate:
    """One message in the channels it has words for. `bodies` is keyed by channel; only e-mail has a subject."""

    id: str
    title: str
    trigger: str
    subject: str
    bodies: Mapping[str, str] = field(default_factory=dict)
