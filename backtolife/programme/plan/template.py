"""The programme as data: its sessions, what happens in each, when questionnaires are due. Nothing here can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backtolife.errors import NotFound
from backtolife.programme.plan.material import (
    Exercise,
    Guide,
    MessageTemplate,
    Placeholder,
    RelaxationScript,
    VideoScript,
)

SECTION_KINDS = (
    "welcome",
    "check_in",
    "goal_review",
    "reflection",
    "exercise",
    "relaxation",
    "mindfulness",
    "break",
    "home_practice",
    "check_out",
)
Microphones = Literal["open", "muted", "facilitator_only"]
MICROPHONES: tuple[Microphones, ...] = ("open", "muted", "facilitator_only")
Layout = Literal["gallery", "speaker", "dim"]
LAYOUTS: tuple[Layout, ...] = ("gallery", "speaker", "dim")
PRACTICE_KINDS = ("activity", "reflection", "exercise", "relaxation", "video", "reading")
DUE_WHEN = ("before", "at", "after", "later")
SESSION_COUNT = 9


@dataclass(frozen=True)
class Station:
    """One exercise of a circuit, with the seconds of work and of rest after it."""

    exercise_id: str
    work_seconds: int
    rest_seconds: int


@dataclass(frozen=True)
class Section:
    """One part of a live session. Fields that belong to another kind are empty or 0."""

    id: str
    kind: str
    minutes: int
    title: str
    mic: Microphones
    layout: Layout
    patient_text: str
    facilitator_notes: str
    prompts: tuple[str, ...] = ()
    breakout: bool = False
    breakout_size_min: int = 0
    breakout_size_max: int = 0
    breakout_minutes: int = 0
    intro_seconds: int = 0
    cool_down_seconds: int = 0
    rounds: int = 0
    stations: tuple[Station, ...] = ()
    script_id: str = ""
    music_id: str = ""

    @property
    def circuit_seconds(self) -> int:
        """How long the circuit takes with its introduction and cool-down; 0 where there is none."""
        one_round = sum(station.work_seconds + station.rest_seconds for station in self.stations)
        return self.intro_seconds + self.rounds * one_round + self.cool_down_seconds


@dataclass(frozen=True)
class HomePractice:
    """One thing to do before the next session. `ref` names a video, relaxation or guide; 0 times means once."""

    id: str
    kind: str
    text: str
    ref: str
    times_per_week: int


@dataclass(frozen=True)
class MilestoneDue:
    """That a session's page should mention a milestone, and when in relation to the session."""

    milestone_id: str
    when: str


@dataclass(frozen=True)
class Session:
    """One of the nine sessions: what to watch before, the live plan, what to practise after."""

    number: int
    id: str
    slug: str
    title: str
    theme: str
    summary: str
    learning_aims: tuple[str, ...]
    video_ids: tuple[str, ...]
    live_minutes: int
    sections: tuple[Section, ...]
    home_practice: tuple[HomePractice, ...]
    milestones_due: tuple[MilestoneDue, ...]
    lead_notes: str


@dataclass(frozen=True)
class Schedule:
    """Days from the first session to each session; one offset per session, the first is 0."""

    id: str
    title: str
    day_offsets: tuple[int, ...]


@dataclass(frozen=True)
class Milestone:
    """A set of questionnaires, due some days or months (never both) from a session, open for a window in days."""

    id: str
    label: str
    anchor_session: int
    offset_days: int
    offset_months: int
    days_before: int
    days_after: int
    instrument_ids: tuple[str, ...]
    patient_text: str

    @property
    def later(self) -> bool:
        """Whether it is asked some months after the end, also of those who left and agreed to it."""
        return self.offset_months > 0


@dataclass(frozen=True)
class Music:
    """A sound bed for relaxation that the platform makes itself."""

    id: str
    title: str
    description: str
    loop: bool


@dataclass(frozen=True)
class GroupRules:
    """How large a group is and how long its room stays open around a session, in minutes."""

    patients_min: int
    patients_max: int
    facilitators: int
    session_minutes: int
    late_start_until: int
    """The last session at which somebody may come for the first time."""
    completed_from: int
    """So many sessions make somebody who stays to the end one who has completed."""
    opens_minutes_before: int
    stays_open_minutes_after: int


@dataclass(frozen=True)
class Safety:
    """Words that stay in view while people move."""

    stop_rule: str
    promise: str
    urgent_help_guide: str


@dataclass(frozen=True)
class Review:
    """Who looked at the programme as clinicians, and what is still to be done; empty where the file does not say."""

    status: str
    needs: str
    accountable_clinician: str
    reviewed_on: str
    next_review_months: int


@dataclass(frozen=True)
class About:
    """What the programme says of itself to those who read about it, or run it."""

    authors_note: str
    licence_url: str
    who_it_is_for: Mapping[str, tuple[str, ...]]
    """Lines under each of `include`, `assess_first` and `not_suitable`."""
    accessibility: tuple[str, ...]
    mic_policies: Mapping[str, str]
    """What each choice of `Section.mic` means."""
    layouts: Mapping[str, str]
    """What each choice of `Section.layout` means."""
    music_note: str
    after_each_session: str
    """For patients: the questions after a session."""
    answers_are_not_read_at_once: str
    """For patients: what to do instead of waiting."""
    safety_rule: str
    """For staff: which questions need somebody who looks the same day."""


@dataclass(frozen=True)
class Programme:
    """One checked version of the whole programme. The lookups raise NotFound for an id that is not in it."""

    id: str
    version: str
    language: str
    title: str
    summary: str
    licence: str
    review: Review
    about: About
    group: GroupRules
    safety: Safety
    schedules: tuple[Schedule, ...]
    milestones: tuple[Milestone, ...]
    after_each_session: tuple[str, ...]
    """Instruments asked after every session."""
    instrument_fallback: Mapping[str, str]
    """What to ask instead where no clinician sees an alert on the same working day."""
    sessions: tuple[Session, ...]
    music: tuple[Music, ...]
    exercises: Mapping[str, Exercise]
    videos: Mapping[str, VideoScript]
    relaxation: Mapping[str, RelaxationScript]
    guides: Mapping[tuple[str, str], Guide]
    """By guide id and language, also translations that nobody has signed: ask `guides.rules` rather than this."""
    placeholders: Mapping[str, Placeholder]
    messages: Mapping[str, MessageTemplate]
    translations: Mapping[tuple[str, str], MessageTemplate]
    """Published words of messages in other languages, by message id and language; ask `titles.in_language`."""
    agreement: Guide
    consents: Mapping[str, Guide]
    """What else people are asked to agree to, by id."""
    welcome: Guide
    facilitator_guide: Guide

    def session(self, number: int) -> Session:
        for session in self.sessions:
            if session.number == number:
                return session
        raise NotFound(f"There is no session {number} in this programme.")

    def schedule(self, schedule_id: str) -> Schedule:
        for schedule in self.schedules:
            if schedule.id == schedule_id:
                return schedule
        raise NotFound(f"There is no schedule {schedule_id!r} in this programme.")

    def milestone(self, milestone_id: str) -> Milestone:
        for milestone in self.milestones:
            if milestone.id == milestone_id:
                return milestone
        raise NotFound(f"There is no milestone {milestone_id!r} in this programme.")

    def guide(self, guide_id: str) -> Guide:
        """The guide in the programme's own language. What else it may be read in is `guides.rules.editions`."""
        found = self.guides.get((guide_id, self.language))
        if found is None:
            raise NotFound(f"There is no guide {guide_id!r} in this programme.")
        return found

    @property
    def instrument_ids(self) -> frozenset[str]:
        """Every questionnaire the programme can ask for."""
        asked = {name for milestone in self.milestones for name in milestone.instrument_ids}
        return frozenset(asked | set(self.after_each_session) | set(self.instrument_fallback.values()))
