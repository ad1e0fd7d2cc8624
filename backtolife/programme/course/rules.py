"""What the course is made of, what of it somebody has done, and what is next. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from backtolife.programme.plan.template import Programme, Session

LEAST = timedelta(minutes=10)
"""A rehearsal that was shorter is shown, and counts as none: nobody has let people in and led a section by then."""


class Step(StrEnum):
    """What is ticked; a rehearsal shows by itself, and the last step is a signature."""

    READ = "read"
    WATCH = "watch"


@dataclass(frozen=True)
class Part:
    """One thing to read or to watch. `digest` is of its words: others make another part of it."""

    step: Step
    name: str
    title: str
    digest: str
    number: int = 0
    """Of the session it belongs to; 0 for the guide."""
    film: str = ""
    """The key of the video that plays."""


@dataclass(frozen=True)
class Rehearsed:
    """One rehearsal that is over."""

    number: int
    started_at: datetime
    lasted: timedelta

    @property
    def counts(self) -> bool:
        return self.lasted >= LEAST

    @property
    def minutes(self) -> int:
        return int(self.lasted / timedelta(minutes=1))


class Signed(Protocol):
    """A signature that nobody took back."""

    version: str
    digest: str
    signed_at: datetime


@dataclass(frozen=True)
class Course:
    """How far somebody is. `done` holds the digests of what they ticked, `earlier` the names of what they ever did."""

    parts: Sequence[Part]
    done: Collection[str]
    earlier: Collection[str]
    rehearsals: Sequence[Rehearsed]
    signature: Signed | None
    version: str
    digest: str

    def of(self, step: Step) -> list[Part]:
        return [each for each in self.parts if each.step is step]

    def missing(self, step: Step) -> list[Part]:
        return [each for each in self.of(step) if each.digest not in self.done]

    @property
    def changed(self) -> list[Part]:
        """What they had read or watched in other words than it has now."""
        return [each for each in self.parts if each.name in self.earlier and each.digest not in self.done]

    @property
    def rehearsed(self) -> bool:
        return any(each.counts for each in self.rehearsals)

    @property
    def stands(self) -> bool:
        """Whether they signed what is to be read now."""
        return self.signature is not None and self.signature.digest == self.digest

    @property
    def lapsed(self) -> bool:
        return self.signature is not None and not self.stands

    @property
    def may_sign(self) -> bool:
        return not self.stands and not self.left

    @property
    def left(self) -> list[str]:
        """What is still to be done before the signature, a few words each, in the order of the course."""
        found = []
        for step, verb in ((Step.READ, "read"), (Step.WATCH, "watch")):
            missing = len(self.missing(step))
            if missing:
                found.append(f"{verb} {missing} of {len(self.of(step))}")
        return found if self.rehearsed else [*found, "rehearse once"]

    @property
    def next_step(self) -> str:
        """What to do next, in the words of a list; empty where nothing is."""
        if self.stands:
            return ""
        return self.left[0].capitalize() if self.left else "Sign"


def parts_of(plan: Programme, films: Mapping[int, str]) -> list[Part]:
    """Everything to read and watch. `films` holds the key of the video that plays before a session, by its number."""
    guide = plan.facilitator_guide
    to_read = [Part(Step.READ, guide.id, guide.title, digest(guide.title, guide.body))]
    for session in plan.sessions:
        title = f"Session {session.number}: {session.title}"
        to_read.append(
            Part(Step.READ, f"session-{session.number}", title, words_of(plan, session), number=session.number)
        )
    scripts = sorted(plan.videos.values(), key=lambda each: each.session)
    to_watch = [
        Part(
            Step.WATCH,
            each.id,
            f"{each.title}, about {each.estimated_minutes} minutes",
            digest(each.id, each.version, *each.paragraphs),
            number=each.session,
            film=films[each.session],
        )
        for each in scripts
        if each.session in films
    ]
    return [*to_read, *to_watch]


def words_of(plan: Programme, session: Session) -> str:
    """Of what the page of a session says to staff, with the scripts that are read aloud in it."""
    scripts = [asdict(plan.relaxation[each.script_id]) for each in session.sections if each.script_id]
    return digest(json.dumps(asdict(session), sort_keys=True), json.dumps(scripts, sort_keys=True))


def to_read_digest(parts: Sequence[Part]) -> str:
    """Of everything that is to be read: what a signature counts for."""
    return digest(*(each.digest for each in parts if each.step is Step.READ))


def digest(*words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()
