"""Whether the threads of a process are well, as Prometheus reads it."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backtolife.processes.supervised import Supervised


class ThreadFigures(Collector):
    """Threads that live as long as their process: whether each was heard of lately."""

    def __init__(self, process: str, threads: Iterable[Supervised]) -> None:
        self.process, self.threads = process, threads

    def collect(self) -> Iterable[Metric]:
        """Ask each now."""
        well = GaugeMetricFamily(f"{self.process}_thread_well", "1 when it was heard of lately", labels=["thread"])
        for each in self.threads:
            well.add_metric([each.name], float(each.well()))
        yield well
