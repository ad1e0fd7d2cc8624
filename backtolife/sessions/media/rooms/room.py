"""A room and who is in it.

A room begins when it is created or first joined, and is finished when it is deleted, or was empty for the time its
creation asked for (`empty_timeout` before anyone came, `departure_timeout` after the last one left).
"""

import asyncio
import time
from collections.abc import Iterable

import structlog
from livekit.protocol import models, rtc

from backtolife.errors import Conflict
from backtolife.sessions.media.access.ids import new_id
from backtolife.sessions.media.access.tokens import Visitor
from backtolife.sessions.media.packets import congestion, rtp
from backtolife.sessions.media.rooms.channels import Relay
from backtolife.sessions.media.rooms.outbox import Action, Reason, leaving
from backtolife.sessions.media.rooms.participant import Participant
from backtolife.sessions.media.rooms.ports import EnginePort
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.rooms.voices import Voices

log = structlog.get_logger()

SPEAKING = 35
"""Louder than this many -dBov is speech."""
EMPTY_TIMEOUT, DEPARTURE_TIMEOUT = 300, 20
CODECS = [models.Codec(mime="video/VP8"), models.Codec(mime="audio/opus")]


class Room:
    def __init__(self, engine: EnginePort, name: str) -> None:
        self.engine, self.name, self.sid = engine, name, new_id("RM_")
        self.participants: dict[str, Participant] = {}
        """By identity: one person is in a room once."""
        self.data = Relay(self.members)
        self.voices = Voices()
        self.metadata = ""
        self.max_participants = 0
        self.empty_timeout, self.departure_timeout = EMPTY_TIMEOUT, DEPARTURE_TIMEOUT
        self.created = int(time.time())
        self._ever_joined = False
        self._empty_since = asyncio.get_running_loop().time()
        self._speaking: set[str] = set()

    def members(self) -> Iterable[Participant]:
        """Everyone who is in the room now."""
        return self.participants.values()

    def info(self) -> models.Room:
        return models.Room(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.empty_timeout,
            departure_timeout=self.departure_timeout,
            max_participants=self.max_participants,
            creation_time=self.created,
            creation_time_ms=self.created * 1000,
            enabled_codecs=CODECS,
            metadata=self.metadata,
            num_participants=sum(not person.grants.hidden for person in self.participants.values()),
            num_publishers=sum(bool(person.publications) for person in self.participants.values()),
        )

    def expired(self, now: float) -> bool:
        patience = self.departure_timeout if self._ever_joined else self.empty_timeout
        return not self.participants and now - self._empty_since > patience

    def admit(self, visitor: Visitor) -> None:
        """Raises Conflict when the room is full."""
        full = 0 < self.max_participants <= len(self.participants)
        if full and visitor.identity not in self.participants:
            raise Conflict(f"The session is full: it has {self.max_participants} places.")

    def join(self, visitor: Visitor, *, automatic: bool) -> Participant:
        """Let someone in. The same identity elsewhere in the room is sent away first."""
        before = self.participants.get(visitor.identity)
        if before is not None:
            before.send(leaving(Reason.DUPLICATE_IDENTITY, Action.DISCONNECT))
            self.leave(before, Reason.DUPLICATE_IDENTITY)
        participant = Participant(self, visitor, automatic=automatic)
        self.participants[participant.identity] = participant
        self._ever_joined = True
        return participant

    def others(self, participant: Participant) -> list[models.ParticipantInfo]:
        """Those whom this participant may know of."""
        others = (one for one in self.participants.values() if one is not participant and not one.grants.hidden)
        return [one.info_for(participant.role) for one in others]

    def leave(self, participant: Participant, reason: Reason) -> None:
        """The end of a participant: tracks, subscriptions, transport and signals, in this order."""
        if participant.closed:
            return
        participant.closed = True
        was_active = participant.active
        if participant.grace is not None:
            participant.grace.cancel()
        if self.participants.get(participant.identity) is participant:
            del self.participants[participant.identity]
        participant.negotiation.close()
        for publication in list(participant.publications.values()):
            self.withdraw(publication)
            if publication.up is not None and was_active:
                self.announce("track_unpublished", participant, publication)
        participant.subscriptions.end_all()
        participant.state = models.ParticipantInfo.State.DISCONNECTED
        self.changed(participant)
        participant.publications.clear()
        if was_active:
            self.announce("participant_left", participant, reason=reason)
        if participant.outbox is not None:
            participant.outbox.finish()
        self.engine.spawn(participant.transport.close())
        if not self.participants:
            self._empty_since = participant.now()

    def remove(self, participant: Participant) -> None:
        """Send someone away for good: no token made until now lets them in again."""
        visitor = participant.visitor
        self.engine.removals.add(self.name, visitor.identity, int(time.time()), expires=visitor.expires)
        participant.send(leaving(Reason.PARTICIPANT_REMOVED, Action.DISCONNECT))
        self.leave(participant, Reason.PARTICIPANT_REMOVED)

    def changed(self, participant: Participant) -> None:
        """Tell the participant how they are now, and everyone else as much of it as their role may know.

        What changes too often is told together, a little later; an end at once.
        """
        participant.version += 1
        if participant.telling.due(participant.now()) or participant.closed:
            self._tell(participant)

    def tell_owed(self, now: float) -> None:
        """Tell of the changes that had to wait and need to no longer."""
        for participant in list(self.participants.values()):
            if participant.telling.owed and participant.telling.due(now):
                self._tell(participant)

    def _tell(self, participant: Participant) -> None:
        own = update_of(participant.info())
        participant.send_bytes(own)
        participant.telling.told(len(own))
        if participant.grants.hidden:
            return
        by_role: dict[str | None, bytes] = {}
        for viewer in self.participants.values():
            if viewer is participant:
                continue
            if viewer.role not in by_role:
                by_role[viewer.role] = update_of(participant.info_for(viewer.role))
            viewer.send_bytes(by_role[viewer.role])
            participant.telling.told(len(by_role[viewer.role]))

    def broadcast(self, signal: bytes) -> None:
        for participant in self.participants.values():
            participant.send_bytes(signal)

    def announce(
        self,
        event: str,
        participant: Participant | None = None,
        publication: Publication | None = None,
        reason: Reason | None = None,
    ) -> None:
        """Tell the webhooks, and the log without a name."""
        person = participant.info() if participant is not None else None
        if person is not None and reason is not None:
            person.disconnect_reason = reason
        track = publication.info if publication is not None else None
        self.engine.webhooks.announce(event, self.info(), person, track)
        named = {"participant": participant.sid if participant else None, "track": track.sid if track else None}
        log.info(event, room=self.sid, **{name: sid for name, sid in named.items() if sid})

    def consider(self, owner: Participant, publication: Publication) -> None:
        """Begin or end this track's subscriptions for everyone else."""
        for viewer in list(self.participants.values()):
            if viewer is not owner:
                viewer.subscriptions.consider(owner, publication)

    def reconsider(self, participant: Participant) -> None:
        """What this participant may send or receive changed."""
        for other in list(self.participants.values()):
            if other is participant:
                continue
            for publication in participant.publications.values():
                other.subscriptions.consider(participant, publication)
            for publication in other.publications.values():
                participant.subscriptions.consider(other, publication)

    def withdraw(self, publication: Publication) -> None:
        """The track is over for everyone."""
        if publication.up is not None:
            self.voices.remove(publication.up, asyncio.get_running_loop().time())
        for viewer in self.participants.values():
            viewer.subscriptions.forget(publication.sid)

    def tell_viewers(self, track_sid: str) -> None:
        """A picture's sender stopped or went on: those who receive it hear of it."""
        for viewer in self.participants.values():
            subscription = viewer.subscriptions.get(track_sid)
            if subscription is not None:
                viewer.allocation.tell(subscription)

    def find_track(self, sid: str) -> tuple[Participant, Publication] | None:
        for participant in self.participants.values():
            if sid in participant.publications:
                return participant, participant.publications[sid]
        return None

    def tell_speakers(self) -> None:
        """Who speaks now, and who stopped since last time."""
        speakers = []
        for person in self.participants.values():
            tracks = [one.up for one in person.publications.values() if one.kind == "audio" and one.up is not None]
            level = min((track.take_level() for track in tracks), default=rtp.SILENCE)
            speaks = level < SPEAKING
            if speaks or person.sid in self._speaking:
                loudness = 1 - level / rtp.SILENCE if speaks else 0.0
                speakers.append(models.SpeakerInfo(sid=person.sid, level=loudness, active=speaks))
            (self._speaking.add if speaks else self._speaking.discard)(person.sid)
        if speakers:
            changed = rtc.SpeakersChanged(speakers=speakers)
            self.broadcast(rtc.SignalResponse(speakers_changed=changed).SerializeToString())

    def tell_quality(self) -> None:
        """How good everyone's connection is, by the share of packets lost on it."""
        updates = []
        for person in self.participants.values():
            lost = [layer.fraction_lost for layer in person.peer.layers()]
            lost += [down.fraction_lost for down in person.peer.down.values()]
            quality = congestion.quality(max(lost, default=0.0))
            updates.append(
                rtc.ConnectionQualityInfo(participant_sid=person.sid, quality=quality, score=1 + 2 * quality)
            )
        if updates:
            update = rtc.ConnectionQualityUpdate(updates=updates)
            self.broadcast(rtc.SignalResponse(connection_quality=update).SerializeToString())

    def refresh_token(self, participant: Participant) -> None:
        """Give the client a token that says what is granted now: it comes back with it after a break."""
        token = self.engine.tokens.fresh(participant.visitor, participant.grants, participant.attributes)
        participant.send(rtc.SignalResponse(refresh_token=token))

    def refresh_tokens(self) -> None:
        for participant in self.participants.values():
            self.refresh_token(participant)

    def finish(self, reason: Reason, action: Action) -> None:
        """The end of the room: everyone is sent away."""
        for participant in list(self.participants.values()):
            participant.send(leaving(reason, action))
            self.leave(participant, reason)
        self.announce("room_finished")


def update_of(info: models.ParticipantInfo) -> bytes:
    """The signal that says how one participant is."""
    return rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[info])).SerializeToString()
