"""The bucket that videos are kept in: something is put there, read and taken away again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from backtolife.config import Settings
from backtolife.content.storage.bucket import OutOfReach
from backtolife.content.storage.storage import storage_of
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid

TRIED = "doctor/tried.txt"
LOOK = (
    "Look at VIDEOS_BUCKET, VIDEOS_S3_ENDPOINT and the keys. They need PutObject, GetObject, DeleteObject and "
    "ListBucket. Until then videos that are in the bucket cannot be watched; new ones stay on the disk."
)


def bucket(settings: Settings) -> Iterator[Finding]:
    """Nothing where videos are kept on the disk alone."""
    try:
        storage = storage_of(settings)
    except Invalid as error:
        yield Finding("videos", "wrong", error.message, "Put it right: neither web nor the scheduler starts.")
        return
    if storage.bucket is None:
        return
    name = storage.bucket.settings.name
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tried.txt"
            path.write_text("tried", encoding="ascii")
            storage.bucket.put(path, TRIED, "text/plain")
        whole = storage.bucket.size(TRIED) == len("tried")
        storage.bucket.remove(TRIED)
    except OutOfReach as error:
        yield Finding("videos", "wrong", f"Bucket {name}: {error.why}.", LOOK)
        return
    if not whole:
        yield Finding("videos", "wrong", f"Bucket {name} does not keep what is put there.", LOOK)
        return
    if not storage.keeps_in_bucket:
        do = "Run backtolife videos move, then take VIDEOS_BUCKET out."
        yield Finding("videos", "warn", f"Videos belong on the disk, and bucket {name} is still asked.", do)
        return
    yield Finding("videos", "ok", f"Bucket {name} takes, gives and removes what is put there.")
