"""Figures for operators, in Prometheus' format. Labels are ids and kinds, never names of people."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backtolife.sessions.media.limits.budget import LIMITS
from backtolife.sessions.media.rooms import totals
from backtolife.sessions.media.rooms.engine import Engine
from backtolife.sessions.media.rooms.room import Room


class EngineCollector(Collector):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterable[Metric]:
        engine = self._engine
        yield GaugeMetricFamily("media_loop_lag_seconds", "How late the loop was at worst lately", engine.lag)
        yield GaugeMetricFamily("media_load_level", "0: all is well; above: pictures withheld", engine.overload.level)
        yield GaugeMetricFamily("media_rooms", "Rooms now", len(engine.rooms))
        people = GaugeMetricFamily("media_participants", "People in each room", labels=("room",))
        for room in engine.rooms.values():
            people.add_metric((room.sid,), len(room.participants))
        yield people
        steps = GaugeMetricFamily(
            "media_viewer_step", "How far a viewer's link reduces what they get", labels=("room", "viewer")
        )
        for room in engine.rooms.values():
            for person in room.participants.values():
                steps.add_metric((room.sid, person.sid), person.allocation.downlink.step)
        yield steps
        put_out = CounterMetricFamily("media_put_out", "Members put out, by what was too much", labels=("kind",))
        for kind in LIMITS:
            put_out.add_metric((kind,), engine.put_out[kind])
        yield put_out
        yield CounterMetricFamily("media_refused_datagrams", "Datagrams that were nobody's", engine.socket.refused)
        hooks = CounterMetricFamily("media_webhooks", "Webhook deliveries", labels=("outcome",))
        for outcome in ("delivered", "retried", "given_up"):
            hooks.add_metric((outcome,), getattr(engine.webhooks, outcome))
        yield hooks
        yield from self._forwarded()
        yield from _received(engine.rooms.values())
        yield from _sent(engine.rooms.values())

    def _forwarded(self) -> Iterable[Metric]:
        packets = CounterMetricFamily(
            "media_forwarded_packets", "Packets sent, by ceiling and role", labels=totals.NAMES
        )
        octets = CounterMetricFamily("media_forwarded_bytes", "Payload bytes sent", labels=totals.NAMES)
        for labels, count, size in self._engine.totals.rows():
            packets.add_metric(labels, count)
            octets.add_metric(labels, size)
        return packets, octets


def _received(rooms: Iterable[Room]) -> Iterable[Metric]:
    names = ("room", "track", "layer")
    packets = CounterMetricFamily("media_up_packets", "Packets that arrived", labels=names)
    repaired = CounterMetricFamily("media_up_repaired_packets", "Of these, sent again for us", labels=names)
    pictures = CounterMetricFamily("media_up_key_frames", "Key frames that arrived", labels=names)
    for room in rooms:
        for person in room.participants.values():
            for publication in person.publications.values():
                for layer in publication.up.layers.values() if publication.up is not None else ():
                    labels = (room.sid, publication.sid, layer.rid or "")
                    packets.add_metric(labels, layer.packets)
                    repaired.add_metric(labels, layer.repaired)
                    pictures.add_metric(labels, layer.key_frames)
    return packets, repaired, pictures


def _sent(rooms: Iterable[Room]) -> Iterable[Metric]:
    names = ("room", "track", "viewer")
    packets = CounterMetricFamily("media_down_packets", "Packets sent to one viewer", labels=names)
    repeated = CounterMetricFamily("media_down_repeated_packets", "Packets sent again", labels=names)
    drops = CounterMetricFamily("media_down_dropped_packets", "Packets the socket would not take", labels=names)
    for room in rooms:
        for person in room.participants.values():
            for subscription in person.subscriptions.all():
                if subscription.down is not None:
                    labels = (room.sid, subscription.publication.sid, person.sid)
                    packets.add_metric(labels, subscription.down.copy.packets)
                    repeated.add_metric(labels, subscription.down.repeated)
                    drops.add_metric(labels, subscription.down.copy.drops)
    return packets, repeated, drops


def text(engine: Engine) -> bytes:
    """Everything, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(EngineCollector(engine))
    return generate_latest(registry)
