"""What a trial run found, in words for staff. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Network(StrEnum):
    """How sound and picture got through to us and back."""

    GOOD = "good"
    POOR = "poor"
    NONE = "none"
    """They did not get through at all."""


NETWORK_WORDS: dict[Network, str] = {
    Network.GOOD: "network good",
    Network.POOR: "network poor",
    Network.NONE: "sound and picture do not get through",
}


@dataclass(frozen=True)
class Found:
    """What worked; None for what was not tried. `sound`: they heard themselves come back."""

    camera: bool | None = None
    sound: bool | None = None
    network: Network | None = None

    @property
    def whole(self) -> bool:
        """Whether everything was tried."""
        return None not in (self.camera, self.sound, self.network)

    @property
    def works(self) -> bool:
        return bool(self.camera and self.sound and self.network is Network.GOOD)


def in_words(found: Found, *, asked_help: bool) -> str:
    """Such as “no camera, sound works, network good, asked for help”; empty where nothing was tried or asked."""
    parts = []
    if found.camera is not None:
        parts.append("camera works" if found.camera else "no camera")
    if found.sound is not None:
        parts.append("sound works" if found.sound else "no sound")
    if found.network is not None:
        parts.append(NETWORK_WORDS[found.network])
    return ", ".join([*parts, *(["asked for help"] if asked_help else [])])
