"""Which seats have a page at any web process, as each tells the others through Redis every few seconds."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from redis import Redis

PATIENCE_SECONDS = 0.5
KEPT_SECONDS = 10
"""So long what a process told holds. It tells anew at each look, so that one that was killed is forgotten soon."""
log = structlog.get_logger(__name__)


class Elsewhere:
    """Seats with a page, of all processes together."""

    def __init__(self, redis_url: str) -> None:
        import redis  # noqa: PLC0415 - only who shares needs it

        self._redis: Redis = redis.Redis.from_url(
            redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        )
        self._away: type[Exception] = redis.RedisError

    def tell(self, seats: Collection[str]) -> None:
        """These have a page here."""
        try:
            with self._redis.pipeline(transaction=False) as told:
                for seat in seats:
                    told.set(key(seat), b"1", ex=KEPT_SECONDS)
                told.execute()
        except self._away as error:
            log.warning("presence_not_told", kind=type(error).__name__)

    def among(self, seats: Collection[str]) -> set[str]:
        """Which of these have a page somewhere. While Redis is away that is all of them: nobody is called gone then."""
        wanted = list(seats)
        try:
            found = self._redis.mget([key(seat) for seat in wanted]) if wanted else []
        except self._away as error:
            log.warning("presence_not_known", kind=type(error).__name__)
            return set(wanted)
        return {seat for seat, held in zip(wanted, found, strict=True) if held is not None}


def key(seat: str) -> str:
    return f"backtolife:seat:{seat}"
