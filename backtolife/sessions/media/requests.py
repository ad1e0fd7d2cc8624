"""What each signal of a client does."""

import time
from collections.abc import Callable

from livekit.protocol import rtc

from backtolife.sessions.media import policy
from backtolife.sessions.media.participant import Participant, Reason

Handler = Callable[[Participant, rtc.SignalRequest], None]
Refusal = rtc.RequestResponse.Reason
LONGEST_METADATA = 4096
MOST_ATTRIBUTES = 64
MOST_FEATURES = 16


def handle(participant: Participant, request: rtc.SignalRequest) -> None:
    """Do what the signal asks. Raises Invalid when it cannot be understood; unknown kinds are passed over."""
    kind = request.WhichOneof("message")
    handler = HANDLERS.get(kind or "")
    if handler is not None:
        handler(participant, request)


def _milliseconds() -> int:
    return int(time.time() * 1000)


def _ping(participant: Participant, _request: rtc.SignalRequest) -> None:
    participant.send(rtc.SignalResponse(pong=_milliseconds()))


def _ping_request(participant: Participant, request: rtc.SignalRequest) -> None:
    pong = rtc.Pong(last_ping_timestamp=request.ping_req.timestamp, timestamp=_milliseconds())
    participant.send(rtc.SignalResponse(pong_resp=pong))


def _offer(participant: Participant, request: rtc.SignalRequest) -> None:
    participant.send(rtc.SignalResponse(answer=participant.negotiation.answer(request.offer)))


def _add_track(participant: Participant, request: rtc.SignalRequest) -> None:
    publication = participant.announce(request.add_track)
    if publication is None:
        refusal = rtc.RequestResponse(
            reason=Refusal.NOT_ALLOWED, message="You may not publish this.", add_track=request.add_track
        )
        participant.send(rtc.SignalResponse(request_response=refusal))
        return
    published = rtc.TrackPublishedResponse(cid=publication.cid, track=publication.info)
    participant.send(rtc.SignalResponse(track_published=published))


def _mute(participant: Participant, request: rtc.SignalRequest) -> None:
    if participant.mute(request.mute.sid, request.mute.muted) is not None:
        participant.room.changed(participant)


def _track_setting(participant: Participant, request: rtc.SignalRequest) -> None:
    for sid in request.track_setting.track_sids:
        subscription = participant.subscriptions.get(sid)
        if subscription is not None:
            subscription.apply(request.track_setting)


def _subscription(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.subscription
    sids = [*asked.track_sids, *(sid for item in asked.participant_tracks for sid in item.track_sids)]
    subscribe(participant, sids, wanted=asked.subscribe)


def subscribe(participant: Participant, sids: list[str], *, wanted: bool) -> None:
    """Begin or end subscriptions by track; what is not permitted does not begin."""
    for sid in sids:
        found = participant.room.find_track(sid)
        if found is not None and found[0] is not participant:
            participant.subscriptions.ask(sid, subscribe=wanted)
            participant.subscriptions.consider(*found)


def _subscription_permission(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.subscription_permission
    participant.narrow(policy.Narrowing(asked.all_participants, tuple(asked.track_permissions)))


def _sync_state(participant: Participant, request: rtc.SignalRequest) -> None:
    for sid in request.sync_state.track_sids_disabled:
        subscription = participant.subscriptions.get(sid)
        if subscription is not None:
            subscription.apply(rtc.UpdateTrackSettings(disabled=True))


def _update_metadata(participant: Participant, request: rtc.SignalRequest) -> None:
    asked = request.update_metadata
    attributes = dict(asked.attributes)
    allowed = participant.grants.can_update_metadata and policy.leaves_servers(participant.attributes, attributes)
    if allowed:
        own_attributes(participant, asked.metadata, asked.name, attributes)
        participant.room.changed(participant)
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


def _leave(participant: Participant, _request: rtc.SignalRequest) -> None:
    participant.room.leave(participant, Reason.CLIENT_INITIATED)


def _update_audio(participant: Participant, request: rtc.SignalRequest) -> None:
    publication = participant.publications.get(request.update_audio_track.track_sid)
    if publication is not None:
        publication.info.ClearField("audio_features")
        publication.info.audio_features.extend(request.update_audio_track.features[:MOST_FEATURES])
        participant.room.changed(participant)


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
    "leave": _leave,
}
