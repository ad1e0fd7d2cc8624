"""The sections of one client's session: what it sends in which, and which of its free ones carries what to it.

The client offers, the server answers. When more is to be sent than there are free sections the server asks for more
with `media_sections_requirement`, one request at a time, those of 60 ms together.
"""

import asyncio
from dataclasses import dataclass

from livekit.protocol import rtc

from backtolife.errors import Invalid
from backtolife.sessions.media.rooms.allocation import Allocation
from backtolife.sessions.media.rooms.ports import PublisherPort
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.rooms.subscriptions import Subscription, Subscriptions
from backtolife.sessions.media.sdp import answer
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.tracks.uptrack import UpTrack

TOGETHER = 0.06
ANSWER_TIME = 3.0
"""Seconds a client may take for the offer we asked for, before we ask again."""


@dataclass(slots=True)
class Section:
    """One section: `carries` what the client sends in it, `sends` what we do."""

    mid: str
    kind: str
    direction: str = "inactive"
    choice: sdp.Choice | None = None
    extension: int = 0
    track_id: str = ""
    carries: Publication | None = None
    sends: Subscription | None = None
    answered: str = ""
    redundant: bool = False
    """The client was asked to send its sound twice over."""

    @property
    def free(self) -> bool:
        return self.direction == "recvonly" and self.sends is None and self.choice is not None

    @property
    def ready(self) -> bool:
        """Free, and the client knows: it would not notice that one track took another's place in a single step."""
        return self.free and self.answered != "sendonly"

    def reply(self, *, thin: bool) -> answer.Reply:
        """How it is answered; on a `thin` link sound comes once only."""
        if self.direction in ("sendonly", "sendrecv"):
            able = self.carries is not None and not self.carries.info.disable_red
            return answer.Reply("recvonly", redundant=able and not thin)
        if self.sends is None:
            return answer.Reply("inactive")
        return answer.Reply("sendonly", self.sends.outgoing())


class Negotiation:
    def __init__(self, publisher: PublisherPort, subscriptions: Subscriptions, allocation: Allocation) -> None:
        self._publisher, self._subscriptions, self._allocation = publisher, subscriptions, allocation
        self._reader = sdp.Reader()
        self._sections: dict[str, Section] = {}
        self._version = 1
        self._asked_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.offers = 0

    def answer(self, description: rtc.SessionDescription) -> rtc.SessionDescription:
        """Apply an offer and answer it. Raises Invalid, with nothing changed, when the offer cannot be read."""
        offer = self._reader.read(description.sdp)
        if len(self._sections.keys() | {media.mid for media in offer.media}) > sdp.MOST_SECTIONS:
            raise Invalid(f"Your session has had {sdp.MOST_SECTIONS} sections. Join again to have others.")
        self.offers += 1
        self._publisher.transport.accept(offer)
        published: list[Publication] = []
        for media in offer.media:
            if media.kind in sdp.WANTED:
                published += self._apply(media)
        self._place()
        thin = self._allocation.thin
        replies = {section.mid: section.reply(thin=thin) for section in self._sections.values()}
        for section in self._sections.values():
            section.answered, section.redundant = replies[section.mid].direction, replies[section.mid].redundant
        self._version += 1
        self._asked_at = 0.0
        text = answer.build(offer, self._publisher.transport.local(), replies, self._version)
        mapping = {item.mid: item.sends.publication.sid for item in self._sections.values() if item.sends is not None}
        self._publisher.published(published)
        if self._subscriptions.waiting():
            self.need()
        return rtc.SessionDescription(type="answer", sdp=text, id=description.id, mid_to_track_id=mapping)

    def _apply(self, media: sdp.Media) -> list[Publication]:
        section = self._sections.setdefault(media.mid, Section(media.mid, media.kind))
        began = media.sends and section.direction not in ("sendonly", "sendrecv")
        section.direction = media.direction if media.live else "inactive"
        section.choice = media.choose()
        wanted = sdp.LEVEL if media.kind == "audio" else sdp.TRANSPORT_CC
        section.extension = media.extensions.get(wanted, 0)
        if media.sends:
            self._publisher.peer.learn_extensions(media)
            return self._take(section, media, began=began)
        if section.carries is not None:
            gone, section.carries = section.carries, None
            self._publisher.unpublish(gone)
        if section.sends is not None and section.direction != "recvonly":
            section.sends.release()
        return []

    def _take(self, section: Section, media: sdp.Media, *, began: bool) -> list[Publication]:
        """Find the announced track that this section carries.

        Firefox names another track id in the session description than it announced: a section that begins to send then
        takes the oldest announced track of its kind.
        """
        changed = media.track_id != section.track_id
        section.track_id = media.track_id
        publication = self._publisher.announced(section.kind, media.track_id)
        if publication is None and (began or changed) and section.carries is None:
            publication = self._publisher.announced(section.kind, None)
        if publication is None or section.choice is None:
            return []
        section.carries = publication
        up = UpTrack(section.kind, publication.source, self._publisher.peer)
        publication.bind(up, media.mid)
        self._publisher.peer.expect(media, up, section.choice, self._publisher.now())
        return [publication]

    def _place(self) -> None:
        for subscription in self._subscriptions.waiting():
            ready = [section for section in self._free(subscription.publication.kind) if section.ready]
            if ready:
                section = ready[0]
                assert section.choice is not None  # noqa: S101 - what `free` means
                section.sends = subscription
                subscription.place(section, section.choice, section.extension)

    def _free(self, kind: str) -> list[Section]:
        return [section for section in self._sections.values() if section.kind == kind and section.free]

    def dropped(self, publication: Publication) -> None:
        """This publication is over although its section still sends."""
        for section in self._sections.values():
            if section.carries is publication:
                section.carries = None

    def need(self) -> None:
        """Something waits for a section, or a section is no longer what the client believes: ask soon."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER, self._ask)

    def _ask(self) -> None:
        self._timer = None
        if self._publisher.closed or not self.offers:
            return
        if self._asked_at and self._publisher.now() - self._asked_at < ANSWER_TIME:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER, self._ask)
            return
        wanted = {"audio": 0, "video": 0}
        for subscription in self._subscriptions.waiting():
            wanted[subscription.publication.kind] += 1
        stale = any(
            (item.sends is None and item.answered == "sendonly") or (item.redundant and self._allocation.thin)
            for item in self._sections.values()
        )
        if not any(wanted.values()) and not stale:
            return
        self._asked_at = self._publisher.now()
        more = {kind: max(0, count - len(self._free(kind))) for kind, count in wanted.items()}
        requirement = rtc.MediaSectionsRequirement(num_audios=more["audio"], num_videos=more["video"])
        self._publisher.send(rtc.SignalResponse(media_sections_requirement=requirement))

    def resumed(self) -> None:
        """A new signal connection: an answer to our last request will not come."""
        self._asked_at = 0.0
        self.need()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
