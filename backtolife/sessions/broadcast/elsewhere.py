"""Which page sits in which seat at any web process, as each tells the others through Redis every few seconds."""

from collections.abc import Collection, Mapping
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

    def take(self, seat: str, page: str) -> None:
        """This page sits down in the seat: one that sits there at another process has to go."""
        try:
            self._redis.set(key(seat), page, ex=KEPT_SECONDS)
        except self._away as error:
            log.warning("presence_not_told", kind=type(error).__name__)

    def tell(self, pages: Mapping[str, str]) -> dict[str, str]:
        """These seats have a page here. Returns those that another page has taken since, with that page."""
        try:
            with self._redis.pipeline(transaction=False) as told:
                for seat, page in pages.items():
                    told.set(key(seat), page, nx=True, ex=KEPT_SECONDS)
                    told.get(key(seat))
                held = told.execute()[1::2]
                by_seat = {seat: found.decode() for seat, found in zip(pages, held, strict=True) if found is not None}
                mine = [seat for seat, page in by_seat.items() if page == pages[seat]]
                for seat in mine:
                    told.expire(key(seat), KEPT_SECONDS)
                told.execute()
        except self._away as error:
            log.warning("presence_not_told", kind=type(error).__name__)
            return {}
        return {seat: page for seat, page in by_seat.items() if page != pages[seat]}

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
