"""What each signal of a client does."""

import time
from collections.abc import Callable, Sequence

from livekit.protocol import models, rtc

from backtolife.errors import BacktolifeError, Conflict, Invalid
from backtolife.sessions.media.access import policy
from backtolife.sessions.media.limits.budget import OFFERS, UPDATES, WORK
from backtolife.sessions.media.rooms.outbox import Reason
from backtolife.sessions.media.rooms.participant import Participant
from backtolife.sessions.media.rooms.publication import LONGEST_NAME

Handler = Callable[[Participant, rtc.SignalRequest], None]
Refusal = rtc.RequestResponse.Reason
LONGEST_METADATA = 4096
MOST_ATTRIBUTES = 64
FEATURES = frozenset(models.AudioTrackFeature.values())
MOST_NAMED = 1000
"""Tracks that one signal may name: some of everybody in the largest room."""
MOST_PERMITTED = 256
"""Permissions, and tracks in them, that one signal may have: two tracks for everybody in a large room."""


def handle(participant: Participant, request: rtc.SignalRequest) -> None:
    """Do what the signal asks. Raises Invalid when it cannot be understood; unknown kinds are passed over."""
    kind = request.WhichOneof("message")
    handler = HANDLERS.get(kind or "")
    if handler is not None:
        handler(participant, request)


def refusal(error: BacktolifeError, request: rtc.SignalRequest) -> rtc.SignalResponse:
    """The answer to a signal that cannot be done, saying why: no client has to wait until it gives up."""
    reason = Refusal.LIMIT_EXCEEDED if isinstance(error, Conflict) else Refusal.INVALID_REQUEST
    answer = rtc.RequestResponse(reason=reason, message=error.message)
    if request.HasField("add_track"):
        answer.add_track.CopyFrom(named_only(request.add_track))
    return rtc.SignalResponse(request_response=answer)


def named_only(asked: rtc.AddTrackRequest) -> rtc.AddTrackRequest:
    """Of a refused announcement what tells the client which one it was, and no megabyte of it."""
    return rtc.AddTrackRequest(cid=asked.cid[:LONGEST_NAME], type=asked.type, source=asked.source)


def named(sids: Sequence[str]) -> list[str]:
    """The tracks that a signal names, each once. Raises Invalid for more than any room has."""
    if len(sids) > MOST_NAMED:
        raise Invalid(f"At most {MOST_NAMED} tracks can be named at once.")
    return list(dict.fromkeys(sids))


def charge(participant: Participant, cost: int) -> None:
    """Let the member pay for what a signal makes us do. Raises Conflict when they made us do too much of late."""
    if not participant.budget.affords(WORK, cost, participant.now()):
        raise Conflict("You asked for too much in a short time. Wait a few seconds, then ask again.")


def changed(participant: Participant) -> None:
    """Tell the room of what a signal changed. Who causes more of it than the others should have to read is counted."""
    if participant.budget.wait(UPDATES, participant.now()):
        participant.budget.refuse(UPDATES, 1)
    participant.room.changed(participant)


def _milliseconds() -> int:
    return int(time.time() * 1000)


def _ping(participant: Participant, _request: rtc.SignalRequest) -> None:
    participant.send(rtc.SignalResponse(pong=_milliseconds()))


def _ping_request(participant: Participant, request: rtc.SignalRequest) -> None:
    pong = rtc.Pong(last_ping_timestamp=request.ping_req.timestamp, timestamp=_milliseconds())
    participant.send(rtc.SignalResponse(pong_resp=pong))


def _offer(participant: Participant, request: rtc.SignalRequest) -> None:
    if not participant.budget.allows(OFFERS, participant.now()):
        raise Conflict("Too many offers in a short time.")
    participant.send(rtc.SignalResponse(answer=participant.negotiation.answer(request.offer)))


def _add_track(participant: Participant, request: rtc.SignalRequest) -> None:
    publication = participant.announce(request.add_track)
    if publication is None:
        refusal = rtc.RequestResponse(
            reason=Refusal.NOT_ALLOWED, message="You may not publish this.", add_track=named_only(request.add_track)
        )
        participant.send(rtc.SignalResponse(request_response=refusal))
        return
    published = rtc.TrackPublishedResponse(cid=publication.cid, track=publication.info)
    participant.send(rtc.SignalResponse(track_published=published))


def _mute(participant: Participant, request: rtc.SignalRequest) -> None:
    if participant.mute(request.mute.sid, request.mute.muted) is not None:
        changed(participant)


def _track_setting(participant: Participant, request: rtc.SignalRequest) -> None:
    sids = named(request.track_setting.track_sids)
    charge(participant, len(sids))
    for sid in sids:
        subscription = participant.subscriptions.get(sid)
        if subscription is not None:
            subscription.apply(request.track_setting)


def _subscription(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.subscription
    sids = [*asked.track_sids, *(sid for item in asked.participant_tracks for sid in item.track_sids)]
    charge(participant, len(named(sids)))
    subscribe(participant, sids, wanted=asked.subscribe)


def subscribe(participant: Participant, sids: list[str], *, wanted: bool) -> None:
    """Begin or end subscriptions by track; what is not permitted does not begin."""
    for sid in named(sids):
        found = participant.room.find_track(sid)
        if found is not None and found[0] is not participant:
            participant.subscriptions.ask(sid, subscribe=wanted)
            participant.subscriptions.consider(*found)


def _subscription_permission(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.subscription_permission
    count = len(asked.track_permissions) + sum(len(one.track_sids) for one in asked.track_permissions)
    if count > MOST_PERMITTED:
        raise Invalid(f"At most {MOST_PERMITTED} permissions and tracks can be named at once.")
    charge(participant, count + len(participant.publications) * len(participant.room.participants))
    participant.narrow(policy.narrowed(asked.all_participants, asked.track_permissions))


def _sync_state(participant: Participant, request: rtc.SignalRequest) -> None:
    sids = named(request.sync_state.track_sids_disabled)
    charge(participant, len(sids))
    for sid in sids:
        subscription = participant.subscriptions.get(sid)
        if subscription is not None:
            subscription.apply(rtc.UpdateTrackSettings(disabled=True))


def _update_metadata(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.update_metadata
    attributes = dict(asked.attributes)
    allowed = participant.grants.can_update_metadata and policy.leaves_servers(participant.attributes, attributes)
    if allowed:
        if len(asked.metadata) <= LONGEST_METADATA:
            participant.metadata = asked.metadata  # clients always send what it is to be, so empty is meant
        own_attributes(participant, "", asked.name, attributes)
        changed(participant)
    answer = rtc.RequestResponse(
        request_id=asked.request_id, reason=Refusal.OK if allowed else Refusal.NOT_ALLOWED, update_metadata=asked
    )
    participant.send(rtc.SignalResponse(request_response=answer))


def own_attributes(participant: Participant, metadata: str, name: str, attributes: dict[str, str]) -> None:
    """Take what a client says about itself; what belongs to the server is left out."""
    if len(metadata) <= LONGEST_METADATA:
        participant.metadata = metadata or participant.metadata
    if len(name) <= LONGEST_METADATA:
        participant.name = name or participant.name
    own = policy.clients_attributes(attributes)
    if len(own) <= MOST_ATTRIBUTES and sum(map(len, [*own, *own.values()])) <= LONGEST_METADATA:
        participant.set_attributes(own)


def _publish_data_track(participant: Participant, request: rtc.SignalRequest) -> None:
    refused = rtc.RequestResponse(
        reason=Refusal.NOT_ALLOWED,
        message="This server has no data tracks. Send messages or streams instead.",
        publish_data_track=request.publish_data_track_request,
    )
    participant.send(rtc.SignalResponse(request_response=refused))


def _leave(participant: Participant, _request: rtc.SignalRequest) -> None:
    participant.room.leave(participant, Reason.CLIENT_INITIATED)


def _update_audio(participant: Participant, request: rtc.SignalRequest) -> None:
    publication = participant.publications.get(request.update_audio_track.track_sid)
    if publication is not None:
        publication.info.ClearField("audio_features")
        asked = dict.fromkeys(request.update_audio_track.features)
        publication.info.audio_features.extend(one for one in asked if one in FEATURES)
        changed(participant)


HANDLERS: dict[str, Handler] = {
    "ping": _ping,
    "ping_req": _ping_request,
    "offer": _offer,
    "add_track": _add_track,
    "mute": _mute,
    "track_setting": _track_setting,
    "subscription": _subscription,
    "subscription_permission": _subscription_permission,
    "sync_state": _sync_state,
    "update_metadata": _update_metadata,
    "update_audio_track": _update_audio,
    "publish_data_track_request": _publish_data_track,
    "leave": _leave,
}
