"""Who may send and who may receive what. Pure rules; `subscriptions` is the only caller that makes a stream from them.

Two attributes belong to the server: `role` and `camera_to`. They arrive in the signed token or by RoomService, and
no message of a client can set them. `camera_to` is a ceiling: the client's own SubscriptionPermission can narrow it,
never widen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from livekit.protocol import models, rtc

CAMERA_TO = "camera_to"
SERVER_OWNED = frozenset({"role", CAMERA_TO})
FACILITATOR = "facilitator"
EVERYONE, FACILITATORS = "everyone", "facilitators"
SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
KINDS = {
    models.TrackSource.CAMERA: "video",
    models.TrackSource.SCREEN_SHARE: "video",
    models.TrackSource.MICROPHONE: "audio",
    models.TrackSource.SCREEN_SHARE_AUDIO: "audio",
}
"""What comes from each source."""


@dataclass(frozen=True, slots=True)
class Grants:
    """What a participant may do at present. Empty `sources` means any source."""

    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    sources: frozenset[int] = frozenset()
    hidden: bool = False
    can_update_metadata: bool = False

    def may_publish(self, source: int) -> bool:
        return self.can_publish and (not self.sources or source in self.sources)

    def message(self) -> models.ParticipantPermission:
        return models.ParticipantPermission(
            can_publish=self.can_publish,
            can_subscribe=self.can_subscribe,
            can_publish_data=self.can_publish_data,
            can_publish_sources=[cast(models.TrackSource, source) for source in sorted(self.sources)],
            hidden=self.hidden,
            can_update_metadata=self.can_update_metadata,
        )


def fits(kind: str, source: int) -> bool:
    """Whether this kind of track can come from there: sound in a camera's name would be heard when it may not be."""
    return KINDS.get(cast(models.TrackSource, source)) == kind


def changed(grants: Grants, permission: models.ParticipantPermission) -> Grants:
    """The grants after RoomService set `permission`: as in LiveKit, every field counts, absent ones as refused."""
    return replace(
        grants,
        can_publish=permission.can_publish,
        can_subscribe=permission.can_subscribe,
        can_publish_data=permission.can_publish_data,
        sources=frozenset(permission.can_publish_sources),
        hidden=permission.hidden,
        can_update_metadata=permission.can_update_metadata,
    )


def named_sources(names: Iterable[str]) -> frozenset[int]:
    """The sources a token names; an unknown name grants nothing, and names alone never grant everything."""
    listed = {int(SOURCES.get(name.lower(), -1)) for name in names}
    return frozenset(listed)


Named = tuple[str, str]
"""A viewer as a permission names them: ("identity", theirs) or ("sid", theirs)."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a publisher asked for through SubscriptionPermission. The default lets everyone through."""

    all_participants: bool = True
    people: frozenset[Named] = frozenset()
    """Who may have every track."""
    tracks: frozenset[tuple[Named, str]] = frozenset()
    """Who may have which track besides."""

    def allows(self, *, identity: str, sid: str, track_sid: str) -> bool:
        """Looked up, not searched: it is asked for every track and viewer at each change."""
        if self.all_participants:
            return True
        names: tuple[Named, Named] = (("identity", identity), ("sid", sid))
        return any(name in self.people or (name, track_sid) in self.tracks for name in names)


def narrowed(all_participants: bool, permissions: Iterable[rtc.TrackPermission]) -> Narrowing:
    """What these permissions allow; one that names nobody allows nothing."""
    people: set[Named] = set()
    tracks: set[tuple[Named, str]] = set()
    for one in permissions:
        identity, sid = one.participant_identity, one.participant_sid
        name: Named = ("identity", identity) if identity else ("sid", sid)
        if one.all_tracks:
            people.add(name)
        tracks.update((name, track) for track in one.track_sids)
    return Narrowing(all_participants, frozenset(people), frozenset(tracks))


def under_ceiling(*, kind: str, source: int, camera_to: str | None, viewer_role: str | None) -> bool:
    """Whether the publisher's ceiling lets this viewer have a track.

    Sound and a shared screen have no ceiling. Without the attribute there is none either (clients that are not ours);
    a value nobody knows lets nobody through.
    """
    if kind != "video" or source == models.TrackSource.SCREEN_SHARE or camera_to is None:
        return True
    if camera_to == FACILITATORS:
        return viewer_role == FACILITATOR
    return camera_to == EVERYONE


def leaves_servers(present: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether an update by a client leaves the server's attributes as they are."""
    return all(asked[key] == present.get(key) for key in SERVER_OWNED & asked.keys())


def clients_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """What a client may set of the attributes it sent."""
    return {key: value for key, value in attributes.items() if key not in SERVER_OWNED}


def merged(attributes: Mapping[str, str], update: Mapping[str, str]) -> dict[str, str]:
    """Attributes after an update; as in LiveKit an empty value removes the key."""
    result = {**attributes, **update}
    return {key: value for key, value in result.items() if value}
