"""Who may do what in the live room. Plain values in, a value or a named error out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backtolife.errors import Conflict, NotPermitted
from backtolife.programme.plan.template import Microphones


class SeatRole(StrEnum):
    PATIENT = "patient"
    FACILITATOR = "facilitator"
    COMPANION = "companion"
    OBSERVER = "observer"


class SeatStatus(StrEnum):
    LOBBY = "lobby"
    HELD = "held"
    """Kept in the waiting room on purpose, for a word on their own."""
    ADMITTED = "admitted"
    LEFT = "left"
    REMOVED = "removed"


class Camera(StrEnum):
    """Who may see a person's picture."""

    EVERYONE = "everyone"
    FACILITATORS = "facilitators"
    OFF = "off"


CEILING = {Camera.EVERYONE: "everyone", Camera.FACILITATORS: "facilitators", Camera.OFF: "nobody"}
"""A camera choice in the media engine's words."""
REMOVED_WORDS = "You have left this session and cannot come back in today. Please call us if you would like to talk."
NOT_YET = "Please wait until a facilitator lets you in."
ENDED_WORDS = "This session is over."


@dataclass(frozen=True)
class Publishing:
    """What a seat may send and who may see its camera, as the media engine is told."""

    camera: bool
    microphone: bool
    camera_to: str
    role: SeatRole
    screen: bool = False
    """Whether the seat may show the group its screen, with the sound of it."""

    @property
    def sources(self) -> tuple[str, ...]:
        named = (
            ("camera", self.camera),
            ("microphone", self.microphone),
            ("screen_share", self.screen),
            ("screen_share_audio", self.screen),
        )
        return tuple(name for name, allowed in named if allowed)


def may_speak(role: SeatRole, microphones: Microphones) -> bool:
    """Whether somebody may turn their sound on under a section's microphone policy.

    Companions always may: an interpreter speaks while everybody else listens.
    """
    if role is SeatRole.PATIENT:
        return microphones == "open"
    return role is not SeatRole.OBSERVER


def publishing(role: SeatRole, camera: Camera, microphones: Microphones) -> Publishing:
    """What someone with this role and camera choice may send under a section's microphone policy."""
    if role is SeatRole.FACILITATOR:
        return Publishing(True, True, CEILING[Camera.EVERYONE], role, screen=True)
    if role is SeatRole.OBSERVER:
        return Publishing(False, False, CEILING[Camera.OFF], role)
    return Publishing(camera is not Camera.OFF, may_speak(role, microphones), CEILING[camera], role)


def refuse_unless_in(status: SeatStatus, *, admitted_needed: bool) -> None:
    """Raise NotPermitted for somebody who was removed, and for one who is not admitted where that is needed."""
    if status is SeatStatus.REMOVED:
        raise NotPermitted(REMOVED_WORDS)
    if status is SeatStatus.LEFT:
        raise NotPermitted("You have left the room. Join again to go on.")
    if admitted_needed and status is not SeatStatus.ADMITTED:
        raise NotPermitted(NOT_YET)


def refuse_after_end(status: str) -> None:
    """Raise Conflict once the session has ended."""
    if status == "ended":
        raise Conflict(ENDED_WORDS)


def may_take_a_seat(status: SeatStatus | None) -> None:
    """Raise NotPermitted when the person was removed earlier in this session."""
    if status is SeatStatus.REMOVED:
        raise NotPermitted(REMOVED_WORDS)


@dataclass
class Bucket:
    """How many events may still come at once; refills with time. Seconds are monotonic."""

    tokens: float
    filled_at: float


def take_token(bucket: Bucket, now: float, *, per_second: float, at_once: float) -> bool:
    """Use up one event of the allowance; False when there is none left."""
    bucket.tokens = min(at_once, bucket.tokens + (now - bucket.filled_at) * per_second)
    bucket.filled_at = now
    if bucket.tokens < 1:
        return False
    bucket.tokens -= 1
    return True


def give_back_token(bucket: Bucket, *, at_once: float) -> None:
    """One event of the allowance was not used after all."""
    bucket.tokens = min(at_once, bucket.tokens + 1)


def who_leads(places: Mapping[str, str], present: Mapping[str, str]) -> str | None:
    """The seat that leads: the cohort's lead when present, else whichever facilitator came first.

    `places` maps person to "lead" or "spotter"; `present` maps seats to their persons in order of coming.
    """
    leads = [seat for seat, person in present.items() if places.get(person) == "lead"]
    return next(iter([*leads, *present]), None)
