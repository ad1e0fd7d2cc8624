"""The signed part of a media address: who may fetch which package, and until when.

It stands in the path, so that the relative addresses in a playlist carry it on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer

from backtolife.errors import NotFound

LIFE = timedelta(hours=12)
SALT = "backtolife.content.media"
TOO_OLD = "This page was open for a long time. Load it again and the video goes on: we kept your place."


@dataclass(frozen=True)
class MediaLink:
    """`person_id` of `service_id` may fetch the files of `package_id`."""

    service_id: str
    person_id: str
    package_id: str


def sign(link: MediaLink, *, keys: Sequence[str], now: datetime) -> str:
    """The link as text for a path, good for 12 hours. The first of `keys` signs."""
    until = int((now + LIFE).timestamp())
    return signer(keys).sign(f"{link.service_id}.{link.person_id}.{link.package_id}.{until}").decode()


def read(token: str, *, keys: Sequence[str], now: datetime) -> MediaLink:
    """The link in `token`. Raises NotFound for one that we did not sign or that is too old."""
    try:
        value = signer(keys).unsign(token).decode()
    except BadSignature:
        raise NotFound("We could not find that video.") from None
    service_id, person_id, package_id, until = value.split(".")
    if now.timestamp() >= int(until):
        raise NotFound(TOO_OLD)
    return MediaLink(service_id, person_id, package_id)


def signer(keys: Sequence[str]) -> Signer:
    """itsdangerous signs with the last key and accepts all; our first key is the one that signs."""
    return Signer(list(reversed(keys)), salt=SALT)
