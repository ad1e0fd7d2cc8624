"""Who sends data faster than somebody can take it waits for them; for one who takes nothing, nobody waits."""

from types import SimpleNamespace
from typing import Any

from livekit.protocol import models

from backtolife.sessions.media.limits.budget import Budget
from backtolife.sessions.media.rooms.channels import CROWDED, EASED, PATIENCE, RELIABLE, SLOWLY, Relay


class Channel:
    """A reliable channel in which everything waits until the test takes it."""

    label = RELIABLE

    def __init__(self) -> None:
        self.readyState, self.bufferedAmount = "open", 0

    def send(self, data: bytes) -> None:
        self.bufferedAmount += len(data)


class Pair:
    def __init__(self) -> None:
        self.now = 100.0
        self.channel = Channel()
        self.sender, self.receiver = self.person("ana"), self.person("ben")
        self.receiver.channels = {RELIABLE: self.channel}
        self.relay = Relay(lambda: [self.sender, self.receiver])

    def person(self, name: str) -> Any:
        return SimpleNamespace(sid=name, identity=name, channels={}, budget=Budget(), now=lambda: self.now)

    def fill(self) -> None:
        packet = models.DataPacket(user=models.UserPacket(payload=bytes(16_000))).SerializeToString()
        while self.channel.bufferedAmount <= CROWDED:
            self.relay._pass_on(self.sender, RELIABLE, packet)

    def wait(self) -> float:
        return self.relay.wait(self.sender, self.now)


def test_a_sender_waits_while_the_receiver_catches_up() -> None:
    pair = Pair()
    pair.fill()
    assert pair.wait() == SLOWLY
    pair.channel.bufferedAmount = EASED - 1
    assert pair.wait() == 0


def test_somebody_who_was_given_up_and_caught_up_is_waited_for_again() -> None:
    pair = Pair()
    pair.fill()
    pair.now += PATIENCE + 1
    assert pair.wait() == 0, "took nothing: nobody waits any longer"
    pair.channel.bufferedAmount = 0
    pair.fill()
    assert pair.wait() == SLOWLY
