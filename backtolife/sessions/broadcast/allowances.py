"""How much each seat may still send: kept by seat, because a new connection would otherwise bring a new allowance."""

import threading

from backtolife.sessions.state.rules import Bucket, give_back_token, take_token

QUIET_SECONDS = 60.0
"""After this long without a word every allowance is whole again, and need not be kept."""


class Allowances:
    """Safe to use from any thread; holds those of seats that sent something within the last minute or so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_seat: dict[str, dict[str, Bucket]] = {}

    def take(self, seat_id: str, kind: str, now: float, *, per_second: float, at_once: float) -> bool:
        """Use up one of a kind; False when there is none left. `now` in monotonic seconds."""
        with self._lock:
            if seat_id not in self._by_seat:
                self._forget_quiet(now)
            bucket = self._by_seat.setdefault(seat_id, {}).setdefault(kind, Bucket(at_once, now))
            return take_token(bucket, now, per_second=per_second, at_once=at_once)

    def give_back(self, seat_id: str, kind: str, *, at_once: float) -> None:
        """One of a kind that was taken has done nothing, and may be tried again at once."""
        with self._lock:
            bucket = self._by_seat.get(seat_id, {}).get(kind)
            if bucket is not None:
                give_back_token(bucket, at_once=at_once)

    def _forget_quiet(self, now: float) -> None:
        self._by_seat = {
            seat: kinds
            for seat, kinds in self._by_seat.items()
            if any(now - bucket.filled_at < QUIET_SECONDS for bucket in kinds.values())
        }
