"""What the page of the live room carries besides the room's state, for its scripts. Types only."""

from typing import Literal, TypedDict

from backtolife.programme.plan.template import Layout, Microphones


class Phase(TypedDict):
    """One part of a circuit."""

    kind: Literal["intro", "work", "rest", "cool_down"]
    seconds: int
    exercise: str
    """The exercise's name in `exercises`; empty where there is none."""
    station: int
    """Which station of the circuit, from 1; 0 outside the stations."""


class SmallPlanned(TypedDict):
    """How a section's small groups are planned: for how long, and how many people in each."""

    minutes: int
    smallest: int
    largest: int


class Section(TypedDict):
    """One part of the script, as everybody reads it."""

    id: str
    kind: str
    title: str
    minutes: int
    mic: Microphones
    layout: Layout
    text: str
    prompts: list[str]
    stations: int
    """How many stations the circuit has; 0 for none."""
    phases: list[Phase]
    spoken: list[str]
    """The words of the relaxation; none for other kinds."""
    music: str
    """Which music, in `music`; empty for none."""
    small: SmallPlanned | None


class StaffSection(Section):
    """The same with what facilitators are told of it."""

    notes: str


class Exercise(TypedDict):
    """One exercise by the way somebody does it: sitting, standing or lying."""

    name: str
    ways: dict[str, list[str]]
    """The steps."""
    drawn: dict[str, str]
    """What the drawing shows, in words."""


class Music(TypedDict):
    """One piece of music that the device makes itself."""

    id: str
    title: str


class Facilitator(TypedDict):
    """Who leads this group, in words."""

    name: str
    job: str


class EveryPage(TypedDict):
    """What the page of everybody in the room carries."""

    session: str
    release: str
    number: int
    """Which session of the programme, from 1."""
    media_url: str
    two_rooms: bool
    """Whether private cameras have a media room of their own."""
    zone: str
    exercises: dict[str, Exercise]
    music: list[Music]
    stop_rule: str
    staff: list[Facilitator]


class RoomPage(EveryPage):
    """The page of somebody who takes part."""

    sections: list[Section]


class Listed(TypedDict):
    """A patient on the group's list."""

    person: str
    full_name: str
    name: str
    phone: str
    """The number to ring; empty for none, and for one that a call found to be wrong."""
    phone_is_wrong: bool
    """Whether a call found that the number we have is wrong."""
    correct_at: str
    """Where their details are put right."""
    needs: str
    """What helps them take part, in words of staff; empty for nothing."""
    agreed: bool
    """Whether they had agreed, when the page was made, to what the live room needs."""


class StaffPage(EveryPage):
    """The facilitators' page."""

    sections: list[StaffSection]
    goals: str
    """Where what people want to do more of is read and written."""
    plans: str
    """Where what people plan to do until next time is read."""
    starts_ms: int
    ends_ms: int
    roster: list[Listed]
    """Everybody in the group, by full name."""
