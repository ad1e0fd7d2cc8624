"""What one viewer gets of what it asked for: less picture when its link is full or the engine is, never less sound."""

from livekit.protocol import rtc

from backtolife.sessions.media.access import policy
from backtolife.sessions.media.packets.quality_ladder import Downlink
from backtolife.sessions.media.rooms.ports import ViewerPort
from backtolife.sessions.media.rooms.subscriptions import Subscription, Subscriptions
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.uptrack import LAYERS, UpTrack

FACILITATORS_ONLY, NO_PICTURE = len(LAYERS), len(LAYERS) + 1
"""After the sizes of the picture: the smallest size of facilitators only, then sound alone, one voice at a time."""
STEPS = NO_PICTURE + 1
UNANSWERED, PRESENT = 0.7, 0.5
"""Seconds by which a report is late, and without a packet after which a viewer may be away."""
LOSING = 0.35
"""Share of a client's own sound that gets lost on a link too thin for it; a bad one that has room loses a fifth."""


class Allocation:
    """Looks once a second at one viewer's link and pictures, more often at whose voice a thin link gets."""

    def __init__(self, viewer: ViewerPort, subscriptions: Subscriptions) -> None:
        self._viewer, self._subscriptions = viewer, subscriptions
        self.downlink = Downlink(STEPS)
        self.thin = False
        """The client's link has no room for sound that is sent twice over."""
        self._one_voice = False
        self._voice: UpTrack | None = None

    def heard(self, now: float) -> None:
        """The viewer reported what came."""
        link = self._viewer.peer.link
        self.downlink.heard(link.queue, link.carried, now)

    def look(self, now: float) -> None:
        """Every 100 ms: relieve a full link. Reports that stay away while the viewer is there are held up on one."""
        peer = self._viewer.peer
        if peer.link.unanswered(now) > UNANSWERED and now - peer.heard < PRESENT:
            self.downlink.unanswered(now)
        if self.downlink.pending:
            self.tick(now)

    def tick(self, now: float) -> None:
        pictures = [
            (subscription, subscription.down)
            for subscription in self._subscriptions.all()
            if subscription.publication.kind == "video" and subscription.down is not None
        ]
        rates = [self._rate(pictures, step, now) for step in range(STEPS)]
        before, step = self.downlink.step, self.downlink.decide(rates, now)
        if step < before:
            self._viewer.peer.link.forgive()
        for subscription, down in pictures:
            withheld = self._withheld(subscription, step)
            if withheld != down.withheld:
                down.withhold(withheld, now)
                down.fraction_lost = 0.0
            self.tell(subscription)
            down.limit_to(layer_of(step), now)
        for down in self._sounds():
            down.be_redundant(step < FACILITATORS_ONLY or self.downlink.unsure)
        if self.downlink.settled(now):
            self._spare(step)

    def _spare(self, step: int) -> None:
        """A client on a thin link should send its sound once only; for good, as asking anew costs it something too."""
        lost = (layer.fraction_lost for layer in self._viewer.peer.layers() if layer.track.kind == "audio")
        if not self.thin and (step >= FACILITATORS_ONLY or max(lost, default=0.0) >= LOSING):
            self.thin = True
            self._viewer.need_sections()

    def voices(self, now: float) -> None:
        """Every 100 ms: all voices that the room forwards, or one where the link carries no picture."""
        before, self._one_voice = self._one_voice, self.downlink.step == NO_PICTURE and not self.downlink.unsure
        if not before and not self._one_voice:
            return
        sounds = self._sounds()
        self._voice = self._viewer.foremost_voice(self._voice, [down.up for down in sounds])
        for down in sounds:
            withheld = self._one_voice and down.up is not self._voice
            if withheld != down.withheld:
                down.withhold(withheld, now)

    def _sounds(self) -> list[DownTrack]:
        return [
            subscription.down
            for subscription in self._subscriptions.all()
            if subscription.publication.kind == "audio" and subscription.down is not None
        ]

    def _withheld(self, subscription: Subscription, step: int) -> bool:
        owner = subscription.owner
        if step == NO_PICTURE or (step == FACILITATORS_ONLY and owner.role != policy.FACILITATOR):
            return True
        return self._viewer.overload.sheds(owner.role, self._viewer.role)

    def _rate(self, pictures: list[tuple[Subscription, DownTrack]], step: int, now: float) -> int:
        """Bit/s of all pictures together on this step."""
        total = 0
        for subscription, down in pictures:
            if down.enabled and not self._withheld(subscription, step):
                wanted = min(down.wanted, layer_of(step), key=LAYERS.index)
                layer = down.up.best(wanted, now)
                total += layer.bitrate if layer is not None else 0
        return total

    def resumed(self) -> None:
        """A new signal connection: what was said on the one before may not have come."""
        for subscription in self._subscriptions.all():
            if subscription.publication.kind == "video":
                subscription.told_paused = None
                self.tell(subscription)

    def tell(self, subscription: Subscription) -> None:
        """Let the client say why there is no picture, and when there is one again.

        The viewer's link, the sender's and the engine stop it each for themselves: it is active when none of them does.
        """
        down, publication = subscription.down, subscription.publication
        withheld = (down is not None and down.withheld) or subscription.owner.withholds(publication.sid)
        if withheld == subscription.told_paused:
            return
        subscription.told_paused = withheld
        state = rtc.StreamState.PAUSED if withheld else rtc.StreamState.ACTIVE
        info = rtc.StreamStateInfo(participant_sid=subscription.owner.sid, track_sid=publication.sid, state=state)
        update = rtc.StreamStateUpdate(stream_states=[info])
        self._viewer.send(rtc.SignalResponse(stream_state_update=update))


def layer_of(step: int) -> str:
    """The largest layer that goes out on this step."""
    return LAYERS[max(0, len(LAYERS) - 1 - step)]
