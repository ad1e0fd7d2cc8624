"""Everything the evidence is computed from, as plain values: people are codes, and one JSON holds it all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

OWN = "own"
"""What a margin is set beside, where it is the service's own face-to-face groups and not a published result."""
DATES = ("offered", "accepted", "declined", "tried", "started", "completed", "withdrawn", "died", "moved")
"""What may happen to a place. Every step of the figures is made from these."""
ENOUGH_BEFORE = 6
"""Sessions that made somebody complete in reports from before the day of completing was kept."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words answers were given on. Only scores on the same words make a pair."""

    instrument: str
    version: str
    name: str
    in_house: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One cohort. `closed` names the milestones whose numbers do not change any more; days are ISO dates."""

    id: str
    name: str
    first_day: str
    opened: Mapping[str, str]
    """The day each milestone opened or opens."""
    closed: tuple[str, ...]
    final: Mapping[str, str] = field(default_factory=dict)
    """The last day of each milestone on which what counts of it could change; empty in an older report."""

    @property
    def ended(self) -> bool:
        """Whether it counts: its sessions and its questions at the end are over."""
        return "end" in self.closed

    @property
    def ended_on(self) -> str:
        return self.final.get("end", self.opened["end"])

    @property
    def quarter(self) -> str:
        """The quarter of its first day, such as 2026-Q2."""
        return f"{self.first_day[:4]}-Q{(int(self.first_day[5:7]) + 2) // 3}"


@dataclass(frozen=True, slots=True)
class Member:
    """One place in a group. `scores` is by wording (its place in the data's list), then by milestone."""

    code: str
    group: str
    sessions: int
    minutes: int
    videos: int
    experience: float | None
    """The mean of what they said of each session, 0 to 10."""
    dates: Mapping[str, str] = field(default_factory=dict)
    """The ISO date of each of DATES that was reached and stands; empty in an older report, which held no dates."""
    left_because: str = ""
    """Why they left, by a key of `places.rules.Reason`; empty where they did not, or nobody said why."""
    traits: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    videos_read: int = 0
    """Of `videos` those that count because the person said that they read all the words."""
    home_times: int | None = None
    """How often they wrote in their diary that they practised at home. None where they wrote nothing, which does not
    mean that nothing was done, and in a report from before there was a diary.
    """
    home_minutes: int | None = None
    """The minutes of these, as far as they gave any."""
    words: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    """Answers reported as they are, by milestone, then by question, such as work and the service questions."""

    @property
    def said_yes(self) -> bool:
        """Whether they accepted the place. Somebody who came has said yes, whatever the paper trail holds."""
        return "accepted" in self.dates or self.started

    @property
    def started(self) -> bool:
        return "started" in self.dates or self.completed

    @property
    def completed(self) -> bool:
        return "completed" in self.dates


@dataclass(frozen=True, slots=True)
class Plan:
    """One margin as it was fixed; `against` is "own" or a published result. `fixed_on` is an ISO date."""

    instrument: str
    milestone: str
    version: int
    points: float
    sd: float
    icc: float
    group_size: float
    against: str
    source: str
    fixed_on: str
    fixed_by: str
    file_hash: str = ""
    """The fingerprint of the face-to-face results it is locked to; empty where none, or in an older report."""


@dataclass(frozen=True, slots=True)
class FaceToFace:
    """One person's two scores from the service's own face-to-face groups."""

    person: str
    group: str
    instrument: str
    milestone: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Brought:
    """One file of face-to-face results."""

    name: str
    source: str
    imported_on: str
    rows: tuple[FaceToFace, ...]
    file_hash: str = ""


@dataclass(frozen=True)
class Data:
    """One service at one moment. `waiting` are the days on which people were referred who have no place yet."""

    service: str
    as_of: str
    milestones: Mapping[str, str]
    """Labels by id, in order."""
    groups: tuple[Group, ...]
    members: tuple[Member, ...]
    waiting: tuple[tuple[str, Mapping[str, str]], ...]
    wordings: Mapping[str, Wording]
    plans: tuple[Plan, ...] = ()
    brought: Brought | None = None
    """The newest file of face-to-face results."""
    files: tuple[Brought, ...] = ()
    """Those that margins are locked to."""

    def file_of(self, plan: Plan) -> Brought | None:
        """The results a margin judges by: those it was locked to, whatever was brought later."""
        return next((each for each in self.files if plan.file_hash and each.file_hash == plan.file_hash), self.brought)

    @cached_property
    def inside(self) -> Mapping[str, Sequence[int]]:
        """The places among the members of each group's, by the group's id."""
        found: dict[str, list[int]] = {}
        for place, member in enumerate(self.members):
            found.setdefault(member.group, []).append(place)
        return found

    @cached_property
    def came(self) -> Mapping[str, Sequence[int]]:
        """The same of those who came to a session."""
        members = self.members
        return {group: [each for each in here if members[each].started] for group, here in self.inside.items()}

    @cached_property
    def columns(self) -> Mapping[tuple[str, str], Sequence[float | None]]:
        """Everybody's score by wording and milestone, in the order of `members`; None where there is none."""
        found: dict[tuple[str, str], list[float | None]] = {}
        # Equal scores become one object: thousands of people are then counted from a few places in memory.
        same: dict[float, float] = {}
        for place, member in enumerate(self.members):
            for wording, scores in member.scores.items():
                for milestone, score in scores.items():
                    column = found.get((wording, milestone))
                    if column is None:
                        column = found[wording, milestone] = [None] * len(self.members)
                    column[place] = same.setdefault(score, score)
        return found

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def read_data(plain: Mapping[str, Any]) -> Data:
    """What `as_plain` wrote."""
    return Data(
        service=plain["service"],
        as_of=plain["as_of"],
        milestones=plain["milestones"],
        groups=tuple(Group(**{**each, "closed": tuple(each["closed"])}) for each in plain["groups"]),
        members=tuple(read_member(each) for each in plain["members"]),
        waiting=tuple((day, traits) for day, traits in plain["waiting"]),
        wordings={key: Wording(**each) for key, each in plain["wordings"].items()},
        plans=tuple(Plan(**each) for each in plain["plans"]),
        brought=None if plain["brought"] is None else read_file(plain["brought"]),
        files=tuple(read_file(each) for each in plain.get("files", ())),
    )


def read_member(plain: Mapping[str, Any]) -> Member:
    """Somebody of a report; an older one says how often they came, and not when they took each step."""
    if "dates" in plain:
        return Member(**plain)
    sessions = plain["sessions"]
    steps = {"accepted": plain["said_yes"], "started": sessions > 0, "completed": sessions >= ENOUGH_BEFORE}
    held = {name: value for name, value in plain.items() if name != "said_yes"}
    return Member(**held, dates={"offered": "", **{name: "" for name, reached in steps.items() if reached}})


def read_file(plain: Mapping[str, Any]) -> Brought:
    return Brought(**{**plain, "rows": tuple(FaceToFace(**row) for row in plain["rows"])})
