"""The signed part of a media address: who may fetch which package, and until when.

It stands in the path, so that the relative addresses in a playlist carry it on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

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
    return str(signer(keys).dumps([link.service_id, link.person_id, link.package_id, until]))


def read(token: str, *, keys: Sequence[str], now: datetime) -> MediaLink:
    """The link in `token`. Raises NotFound for one that we did not sign or that is too old."""
    try:
        service_id, person_id, package_id, until = signer(keys).loads(token)
    except (BadData, ValueError, TypeError):
        raise NotFound("We could not find that video.") from None
    if now.timestamp() >= until:
        raise NotFound(TOO_OLD)
    return MediaLink(service_id, person_id, package_id)


def signer(keys: Sequence[str]) -> URLSafeSerializer:
    """itsdangerous signs with the last key and accepts all; our first key is the one that signs."""
    return URLSafeSerializer(list(reversed(keys)), salt=SALT)
