"""What a page is shown of its room: the part of the document that one seat may see. Types only.

Patients and guests are shown a `PatientView`, facilitators a `StaffView`. Before they are let in, only `Entrance` and
their own calls for help are there; `me` says how far they have come.
"""

from typing import Literal, NotRequired, TypedDict

from backtolife.sessions.state.room_state import (
    AlertState,
    Beside,
    CameraWord,
    FilmState,
    GroupSees,
    Late,
    MomentCounts,
    MomentWord,
    PollSeen,
    PollState,
    RoleWord,
    RoomStatus,
    SectionState,
    SmallGroups,
    StaffSee,
    StatusWord,
    Told,
    WarningLevel,
)


class OwnSeat(TypedDict):
    """What somebody is shown of their own seat in the document."""

    name: str
    role: RoleWord
    beside: NotRequired[Beside]
    status: StatusWord
    camera: CameraWord
    hand_ms: NotRequired[int]
    quiet_ms: NotRequired[int]
    camera_stopped_ms: NotRequired[int]
    way: NotRequired[str]
    feels: NotRequired[str]
    small: NotRequired[str]
    word: NotRequired[str]
    word_over: NotRequired[bool]


class Me(OwnSeat):
    """The seat whose page this is."""

    seat: str
    may_speak: bool
    """Whether the section lets them turn their sound on."""


class Member(GroupSees):
    """Somebody else in the same place, for patients: a private camera and no camera look the same, off."""

    camera: Literal["on", "off"]
    yours: bool
    """Whether they sit beside you, such as your interpreter, or you beside them."""


class AlertSeen(TypedDict):
    """A call for help as the person who called sees it."""

    at_ms: int
    reason: str
    taken_by: NotRequired[str]
    escalated_ms: NotRequired[int]


class OwnAlert(AlertSeen):
    """One's own call for help, with the names of the facilitators who see it now."""

    told: list[str]


class ToldCounts(TypedDict):
    """The pictures of pain and effort that the group may see; one that is not there yet is left out."""

    pain: NotRequired[Told]
    effort: NotRequired[Told]


class Entrance(TypedDict):
    """What everybody sees who has taken a seat."""

    status: RoomStatus
    me: Me


class Shared(TypedDict):
    """What everybody who was let in is shown as it stands in the document."""

    section: SectionState
    lead: NotRequired[str]
    """The seat that leads."""
    started_ms: NotRequired[int]
    ended_ms: NotRequired[int]
    film: NotRequired[FilmState]


class Inside(Entrance):
    """What everybody sees who was let in."""

    section: NotRequired[SectionState]
    lead: NotRequired[str]
    """The seat that leads."""
    started_ms: NotRequired[int]
    ended_ms: NotRequired[int]
    film: NotRequired[FilmState]
    small: NotRequired[SmallGroups]
    """The small groups; patients see them while they are open."""


class PatientView(Inside):
    """The room as patients and guests see it: those in the same place, and their own calls for help."""

    alerts: dict[str, OwnAlert]
    people: NotRequired[dict[str, Member]]
    """Who is in the same place, by seat."""
    poll: NotRequired[PollSeen]
    checks: NotRequired[dict[MomentWord, ToldCounts]]


class StaffView(Inside):
    """The room as facilitators see it: everybody, also who waits, left or was removed."""

    alerts: dict[str, AlertState]
    people: NotRequired[dict[str, StaffSee]]
    """Everybody who has taken a seat, by seat."""
    poll: NotRequired[PollState]
    checks: NotRequired[dict[MomentWord, MomentCounts]]
    checks_said: NotRequired[int]
    late: NotRequired[dict[str, Late]]
    not_coming: NotRequired[dict[str, int]]
    warned: NotRequired[dict[str, WarningLevel]]


RoomView = PatientView | StaffView
