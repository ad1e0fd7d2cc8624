"""The figures of one measurement, and in words whether they reach what they should."""

from dataclasses import dataclass

STARVED = 5.0
"""Percent of the time waiting for a core from which a loss or a delay says more about the machine than about us."""
BEHIND = 0.97
"""Share of the packets due from which the load is what it claims to be."""


@dataclass(frozen=True)
class Figures:
    """One measurement. CPU is of one core; `microseconds` is CPU time a packet out; delays are in milliseconds."""

    people: int
    packets_per_second: int
    due_per_second: int
    lost: int
    overflowed: int
    """Of the lost ones those that our own sockets had no room for."""
    streams: int
    streams_due: int
    cpu_percent: float
    microseconds: float
    delay_p50: float
    delay_p99: float
    memory_mb: float
    person_mb: float
    """Memory a person, over that of the empty process; 0 where it was not measured."""
    waited_percent: float
    """Share of the time that the measured process could have run, but others had the core."""
    load_percent: float
    """CPU of the load itself, of one core."""

    def line(self) -> str:
        words = [
            f"{self.people} people",
            f"{self.packets_per_second} packets/s",
            f"lost {self.lost}",
            f"CPU {self.cpu_percent} %",
            f"{self.microseconds} µs a packet",
            f"delay p50 {self.delay_p50:.1f} p99 {self.delay_p99:.1f} ms",
            f"{self.memory_mb} MB",
            *([f"{self.person_mb} MB a person"] if self.person_mb else []),
            f"waited {self.waited_percent} %",
            f"load's CPU {self.load_percent} %",
        ]
        return ", ".join(words)

    def complete(self) -> bool:
        """Whether everyone heard and saw everyone, at the rate that was due, without a loss."""
        on_time = self.packets_per_second >= self.due_per_second * BEHIND
        return not self.lost and self.streams >= self.streams_due and on_time

    def doubts(self) -> list[str]:
        """What speaks against taking the figures for the engine's own."""
        found = []
        if self.waited_percent > STARVED:
            found.append(f"starved: others had its core {self.waited_percent} % of the time")
        if self.overflowed:
            found.append(f"the load had no room for {self.overflowed} packets")
        if self.packets_per_second < self.due_per_second * BEHIND:
            found.append(f"{self.packets_per_second} of {self.due_per_second} packets/s that were due")
        if self.streams < self.streams_due:
            found.append(f"{self.streams} of {self.streams_due} streams")
        return found

    def verdict(self, *, cpu: float, delay: float | None = None, person: float | None = None) -> str:
        """`reached` or what was missed, with the doubts. Percent of a core, milliseconds at p99, MB a person."""
        missed = []
        if self.lost:
            missed.append(f"lost {self.lost}, not 0")
        for name, value, most in (
            ("CPU", self.cpu_percent, cpu),
            ("delay p99", self.delay_p99, delay),
            ("MB a person", self.person_mb, person),
        ):
            if most is not None and value > most:
                missed.append(f"{name} {value:g} > {most:g}")
        words = f"MISSED: {', '.join(missed)}" if missed else "reached"
        return "; ".join([words, *self.doubts()])
