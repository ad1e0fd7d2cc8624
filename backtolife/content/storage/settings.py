"""Which bucket videos are kept in, if in any."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from backtolife.config import host_of, loopback
from backtolife.errors import Invalid
from backtolife.variables import one_of

PLACES = ("disk", "bucket")
MISSING = "VIDEOS_BUCKET is set, but what it needs is not installed: pip install 'backtolife[s3]'"


@dataclass(frozen=True)
class BucketSettings:
    """A bucket and how to reach it. `prefix` is empty or ends with a slash."""

    name: str
    endpoint: str
    """Empty for Amazon's own."""
    region: str
    prefix: str
    key_id: str
    secret: str = field(repr=False)
    keeps: bool = True
    """Whether videos belong there; otherwise they are only looked for there, as while they are moved back."""


def read(environ: Mapping[str, str] | None = None) -> BucketSettings | None:
    """None where videos are kept on the disk alone. Raises Invalid, naming the variable and what to put there."""
    env = os.environ if environ is None else environ
    name = env.get("VIDEOS_BUCKET", "").strip()
    keeps = one_of(env, "VIDEOS_IN", PLACES, "bucket" if name else "disk") == "bucket"
    if not name and keeps:
        raise Invalid("VIDEOS_IN is bucket, but VIDEOS_BUCKET is empty. Name the bucket.")
    if not name:
        return None
    if find_spec("boto3") is None:
        raise Invalid(MISSING)
    endpoint = env.get("VIDEOS_S3_ENDPOINT", "").strip().rstrip("/")
    if endpoint:
        refuse_unsafe_address(endpoint)
    key_id, secret = env.get("VIDEOS_S3_KEY_ID", "").strip(), env.get("VIDEOS_S3_SECRET", "").strip()
    if bool(key_id) != bool(secret):
        raise Invalid("Set both VIDEOS_S3_KEY_ID and VIDEOS_S3_SECRET, or neither where the machine has a role.")
    prefix = env.get("VIDEOS_S3_PREFIX", "").strip().strip("/")
    return BucketSettings(
        name=name,
        endpoint=endpoint,
        region=env.get("VIDEOS_S3_REGION", "").strip() or "eu-west-2",
        prefix=f"{prefix}/" if prefix else "",
        key_id=key_id,
        secret=secret,
        keeps=keeps,
    )


def refuse_unsafe_address(endpoint: str) -> None:
    """Raise Invalid for an address at which anybody on the way could read along."""
    parts = urlsplit(endpoint)
    local = parts.scheme == "http" and loopback(host_of(endpoint))
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not (parts.scheme == "https" or local) or not parts.hostname or not plain:
        raise Invalid(f"VIDEOS_S3_ENDPOINT is {endpoint!r}. Use the store's address, with https://.")
