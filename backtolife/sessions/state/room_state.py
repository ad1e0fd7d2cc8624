"""The room's document as it is kept in the database: what each key holds, and finding something in it. Pure.

Moments are milliseconds since 1970 on the server's clock and end in `_ms`. A person and a seat are named by their ids.
Nothing here holds an address, a phone number or a word about health; those stay in their rows.

A document that was kept by an earlier release is read as it is, so a key that is added later is `NotRequired`. Words
from a fixed list are plain strings, as they come out of the database; mypy refuses a word that is not on the list.
"""

from typing import Literal, NotRequired, TypedDict

from backtolife.errors import NotFound
from backtolife.programme.plan.template import Layout, Microphones
from backtolife.sessions.state.rules import Camera, Publishing, SeatRole, publishing

RoomStatus = Literal["open", "running", "ended"]
RoleWord = Literal["patient", "facilitator", "companion", "observer"]
StatusWord = Literal["lobby", "held", "admitted", "left", "removed"]
CameraWord = Literal["everyone", "facilitators", "off"]
StaffPlaceWord = Literal["lead", "spotter"]
NewsLevel = Literal["urgent", "new", ""]
WarningLevel = Literal["urgent", "new"]
Missing = Literal["address", "contact", "agreement"]
MomentWord = Literal["before", "after"]
STAYS: tuple[StatusWord, ...] = ("admitted", "held")
"""How far somebody has come who stays there when their page comes back."""


class SectionState(TypedDict):
    """The part of the script that the group is in."""

    index: int
    """Which part, from 0; -1 before the start."""
    id: str
    mic: Microphones
    """Who may speak."""
    layout: Layout
    """The layout of pictures."""
    entered_ms: int
    deadline_ms: int
    """When this part should be over; nothing happens by itself then."""


class Beside(TypedDict):
    """The patient whom a companion sits beside."""

    person: str
    name: str


class Sign(TypedDict):
    """A sign to the group, which pages show for some seconds from its moment."""

    what: str
    at_ms: int


class GroupSees(TypedDict):
    """What everybody in the same place is shown of a seat."""

    name: str
    role: RoleWord
    beside: NotRequired[Beside]
    hand_ms: NotRequired[int]
    """Since when the hand is up."""
    online: bool
    """Whether the seat's page is connected."""
    sign: NotRequired[Sign]


class StaffSee(GroupSees):
    """What facilitators are shown of a seat besides."""

    person: str
    status: StatusWord
    camera: CameraWord
    """Who may see the picture, as the person chose or a facilitator stopped it."""
    came_ms: int
    admitted_ms: NotRequired[int]
    here_ms: NotRequired[int]
    """When the media engine first had this seat's sound and picture."""
    media: NotRequired[bool]
    """Whether the media engine has them now."""
    cut_ms: NotRequired[int]
    """When the media engine last lost them."""
    dropped_ms: NotRequired[int]
    """Since when the page is away."""
    news: NewsLevel
    """Whether something is new with this person; the words stay in the seat's row."""
    news_read: NotRequired[str]
    """The name of the facilitator who has read it."""
    missing: NotRequired[list[Missing]]
    """What staff should ask for: where help would go, whom to ring, a yes to the agreement."""
    word: NotRequired[str]
    """The place of a private word that is going on: "w1" to "w4"."""
    word_over: NotRequired[bool]
    """Waits after a private word that is over."""
    way: NotRequired[str]
    """How they do the exercise: "sitting", "standing" or "lying"."""
    feels: NotRequired[str]
    """How it feels in this part: "easy", "right", "hard" or "rest"."""
    small: NotRequired[str]
    """Their small group: "1" to "5"."""
    at: NotRequired[str]
    """Where the media engine has them: "" is the whole group."""


class SeatState(StaffSee):
    """One seat: a person's place in this session."""

    quiet_ms: NotRequired[int]
    """When a facilitator last turned this person's sound off."""
    camera_stopped_ms: NotRequired[int]
    """When a facilitator last turned their picture off."""


class AlertState(TypedDict):
    """A call for help that nobody has closed."""

    seat: str
    at_ms: int
    reason: str
    """Why: "pain", "upset", "unwell", "technical", or "" until they say."""
    taken_by: NotRequired[str]
    """The name of who has this."""
    escalated_ms: NotRequired[int]
    """When the duty contact was told, because nobody took it."""


class Told(TypedDict):
    """The last picture that the group was shown: how many had answered, and how many chose each value."""

    answered: int
    counts: list[int]


class Counts(TypedDict):
    """Answers as counts. `told` is empty until there are enough that no answer can be traced to a person."""

    answered: int
    told: Told | None


class MomentCounts(TypedDict):
    """Pain and effort at one moment, each from 0 to 10."""

    pain: Counts
    effort: Counts


class PollSeen(TypedDict):
    """A question to the group, as patients are shown it."""

    id: str
    question: str
    options: list[str]
    at_ms: int
    open: bool
    told: Told | None


class PollState(PollSeen):
    """A question to the group; staff see how many have answered."""

    answered: int


class FilmShown(TypedDict):
    """A film as its source names it."""

    package: str
    title: str
    duration_ms: int
    captions: bool


class FilmState(FilmShown):
    """The film that everybody watches: at `since_ms` it was at `at_ms`, and runs on from there while `playing`."""

    at_ms: int
    since_ms: int
    playing: bool


class SmallGroups(TypedDict):
    """The small groups that are made; people are in them while they are `open`."""

    groups: list[str]
    open: bool
    opened_ms: NotRequired[int]
    until_ms: NotRequired[int]
    """When the time for them is over; nothing happens by itself then."""
    back_ms: NotRequired[int]
    """When everybody is back, once they were called."""


class Late(TypedDict):
    """Somebody on the list said that they come later."""

    minutes: int
    said_ms: int


class RoomState(TypedDict):
    """The whole of one room."""

    status: RoomStatus
    section: SectionState
    seats: dict[str, SeatState]
    alerts: dict[str, AlertState]
    places: dict[str, StaffPlaceWord]
    """Who leads and who spots in this cohort, by person."""
    lead: NotRequired[str]
    """The seat that leads now."""
    started_ms: NotRequired[int]
    ended_ms: NotRequired[int]
    checks: NotRequired[dict[MomentWord, MomentCounts]]
    checks_said: NotRequired[int]
    """How often somebody has said a number, so that a page of staff knows when to look again."""
    poll: NotRequired[PollState]
    film: NotRequired[FilmState]
    small: NotRequired[SmallGroups]
    late: NotRequired[dict[str, Late]]
    """Who will be late, by person."""
    not_coming: NotRequired[dict[str, int]]
    """Who said that they cannot come, by person, and when (milliseconds since 1970)."""
    warned: NotRequired[dict[str, WarningLevel]]
    """Who ticked warning signs at the door, by person."""


def before_start() -> SectionState:
    """What stands for a part of the script before the facilitator has started."""
    return {"index": -1, "id": "", "mic": "open", "layout": "gallery", "entered_ms": 0, "deadline_ms": 0}


def seat_in(state: RoomState, seat_id: str) -> SeatState:
    """The seat's entry. Raises NotFound for one of another room."""
    found = state["seats"].get(seat_id)
    if found is None:
        raise NotFound("This person is not in your session.")
    return found


def admitted_seats(state: RoomState) -> list[str]:
    return [seat for seat, entry in state["seats"].items() if entry["status"] == "admitted"]


def publishing_of(state: RoomState, seat_id: str) -> Publishing:
    """What the media engine should let this seat send at present."""
    entry = seat_in(state, seat_id)
    mic = "open" if "word" in entry else state["section"]["mic"]
    return publishing(SeatRole(entry["role"]), Camera(entry["camera"]), mic)
