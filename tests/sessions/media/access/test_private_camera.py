"""A camera for facilitators only: not one packet goes to anyone else, by the engine's counters and by the browser's."""

import asyncio

import pytest
from livekit import api

from tests.support.media.browser import Browsers
from tests.support.media.engine import RunningEngine

pytestmark = [pytest.mark.media, pytest.mark.browser]
PATIENT = {"role": "patient", "camera_to": "everyone"}
PRIVATE = {"role": "patient", "camera_to": "facilitators"}
FACILITATOR = {"role": "facilitator", "camera_to": "everyone"}
ASK = """async (known) => {
  for (const participant of room.remoteParticipants.values())
    for (const publication of participant.trackPublications.values()) {
      publication.setSubscribed(false);
      publication.setSubscribed(true);
    }
  const seen = [...room.remoteParticipants.values()].flatMap((item) => [...item.trackPublications.keys()]);
  const sids = [...seen, ...known];
  for (let turn = 0; turn < 5; turn++)
    room.engine.client.sendUpdateSubscription({ trackSids: sids, subscribe: true, participantTracks: [] });
  room.engine.pcManager.publisher._pc.addTransceiver("video", { direction: "recvonly" });
  await room.engine.negotiate();
}"""

OWN_TRACKS = "[...room.localParticipant.trackPublications.keys()]"
"""A patient who was told the number of a private track by somebody still gets nothing of it."""
KNOWN = """identity => {
  const person = room.remoteParticipants.get(identity);
  return { attributes: person.attributes, sources: [...person.trackPublications.values()].map(one => one.source) };
}"""


def leaked(engine: RunningEngine) -> float:
    """Packets of private cameras that went to patients, ever."""
    return engine.metric("media_forwarded_packets_total", camera_to="facilitators", viewer_role="patient")


async def test_camera_seen_by_the_facilitator_only_whatever_a_patient_does(
    people: Browsers, media_engine: RunningEngine, room_name: str
) -> None:
    shy, curious, lead = [await people.person(name, room_name) for name in ("shy", "curious", "lead")]
    await asyncio.gather(
        shy.join(attributes=PRIVATE), curious.join(attributes=PATIENT), lead.join(attributes=FACILITATOR)
    )
    await shy.publish()
    await asyncio.gather(lead.sees("shy"), curious.sees("shy", "microphone"))
    assert await curious.page.evaluate("videoPackets()") == 0

    await curious.page.evaluate(ASK, await shy.page.evaluate(OWN_TRACKS))
    await lead.sees("shy", more=40)
    assert await curious.page.evaluate("videoPackets()") == 0

    await curious.page.evaluate("room.disconnect()")
    await curious.join(attributes=PATIENT)
    await curious.sees("shy", "microphone")
    assert await curious.page.evaluate("videoPackets()") == 0

    for person in (curious, shy):
        await person.page.reload()
    await asyncio.gather(shy.join(attributes=PRIVATE), curious.join(attributes=PATIENT))
    await shy.publish()
    await asyncio.gather(lead.sees("shy"), curious.sees("shy", "microphone"))
    await shy.page.evaluate("room.localParticipant.setTrackSubscriptionPermissions(true)")
    await curious.page.evaluate(ASK, await shy.page.evaluate(OWN_TRACKS))
    await lead.sees("shy", more=40)
    assert await curious.page.evaluate("videoPackets()") == 0
    assert leaked(media_engine) == 0
    assert (
        media_engine.metric("media_forwarded_packets_total", camera_to="facilitators", viewer_role="facilitator") > 100
    )


async def test_the_ceiling_moves_live_and_only_by_the_server(
    people: Browsers, media_engine: RunningEngine, room_name: str
) -> None:
    shy, curious = [await people.person(name, room_name) for name in ("shy", "curious")]
    await asyncio.gather(
        shy.join(attributes=PATIENT, can_update_own_metadata=True),
        curious.join(attributes=PATIENT, can_update_own_metadata=True),
    )
    await shy.publish()
    await curious.sees("shy")
    service = media_engine.service()
    try:
        change = api.UpdateParticipantRequest(room=room_name, identity="shy", attributes={"camera_to": "facilitators"})
        await service.room.update_participant(change)
        before = await curious.page.evaluate("videoPackets()")
        for person, wish in ((curious, {"role": "facilitator"}), (shy, {"camera_to": "everyone"})):
            answer = await person.page.evaluate(
                "wish => room.localParticipant.setAttributes(wish).then(() => '', (error) => error.name)", wish
            )
            assert answer == "SignalRequestError"
        await curious.page.evaluate("room.localParticipant.setAttributes({ mood: 'curious' })")
        await curious.page.evaluate(ASK, await shy.page.evaluate(OWN_TRACKS))
        await curious.sees("shy", "microphone", more=100)
        assert await curious.page.evaluate("videoPackets()") <= before
        assert await curious.page.evaluate("room.localParticipant.attributes.role") == "patient"
        assert leaked(media_engine) == 0

        await service.room.update_participant(
            api.UpdateParticipantRequest(room=room_name, identity="shy", attributes={"camera_to": "everyone"})
        )
        await curious.sees("shy")
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]


async def test_to_a_patient_a_private_camera_looks_the_same_as_none(people: Browsers, room_name: str) -> None:
    shy, curious, lead = [await people.person(name, room_name) for name in ("shy", "curious", "lead")]
    await asyncio.gather(
        shy.join(attributes=PRIVATE), curious.join(attributes=PATIENT), lead.join(attributes=FACILITATOR)
    )
    await shy.publish()
    await asyncio.gather(lead.sees("shy"), curious.sees("shy", "microphone"))
    to_patient, to_lead = [await person.page.evaluate(KNOWN, "shy") for person in (curious, lead)]
    assert to_patient == {"attributes": {"role": "patient"}, "sources": ["microphone"]}
    assert to_lead["attributes"]["camera_to"] == "facilitators"
    assert sorted(to_lead["sources"]) == ["camera", "microphone"]
