"""The files of videos by their names, wherever they are: this machine's disk first, then the bucket, if there is one.

What is made, is made on the disk; once it is whole it is handed over, and only then taken off the disk. So a store that
is gone, or a move that was broken off, loses nothing: whoever asks finds each file in one place or the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from backtolife.config import Settings
from backtolife.content.encoding.playlists import MIME_TYPES
from backtolife.content.storage import settings as storage_settings
from backtolife.content.storage.bucket import Bucket, OutOfReach
from backtolife.content.storage.settings import BucketSettings

PACKAGES, SOURCES = "packages", "sources"
PLAIN = "application/octet-stream"


@dataclass(frozen=True)
class Storage:
    """The videos' folder, and the bucket behind it."""

    folder: Path
    bucket: Bucket | None = None

    @property
    def keeps_in_bucket(self) -> bool:
        return self.bucket is not None and self.bucket.settings.keeps

    def has(self, name: str) -> bool:
        """Raises OutOfReach when only the store could tell, and does not answer."""
        return (self.folder / name).is_file() or (self.bucket is not None and self.bucket.size(name) is not None)

    def bring(self, prefix: str) -> int:
        """Have every file below `prefix` on the disk too; how many came. One that is there stays as it is."""
        if self.bucket is None:
            return 0
        missing = [name for name in self.bucket.sizes(prefix) if not (self.folder / name).is_file()]
        for name in missing:
            self.bucket.get(name, self.folder / safe(name))
        return len(missing)

    def hand_over(self, prefix: str) -> int:
        """Put every file below `prefix` into the bucket, see that it is whole there, and take it off the disk.

        Playlists go last: before that nobody finds the others by them. How many files went.
        """
        if self.bucket is None:
            return 0
        names = sorted(self.here(prefix), key=lambda name: (name.endswith(".m3u8"), name))
        before = {name: (self.folder / name).stat() for name in names}
        for name in names:
            path = self.folder / name
            self.bucket.put(path, name, MIME_TYPES.get(path.suffix, PLAIN))
        there = self.bucket.sizes(prefix)
        broken = [name for name in names if there.get(name) != before[name].st_size]
        if broken:
            raise OutOfReach(f"{len(broken)} files did not arrive whole; they stay on the disk")
        for name in names:
            now = (self.folder / name).stat()
            if (now.st_mtime_ns, now.st_size) == (before[name].st_mtime_ns, before[name].st_size):
                (self.folder / name).unlink()
        remove_empty(self.folder / prefix)
        return len(names)

    def take_back(self, prefix: str) -> int:
        """Have every file below `prefix` on the disk, and in the bucket no longer."""
        if self.bucket is None:
            return 0
        self.bring(prefix)
        names = self.bucket.sizes(prefix)
        for name in names:
            self.bucket.remove(name)
        return len(names)

    def here(self, prefix: str) -> Iterator[str]:
        """The files below `prefix` that are on the disk, without what is being made just now."""
        for path in (self.folder / prefix).rglob("*"):
            name = path.relative_to(self.folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix()


def safe(name: str) -> str:
    """A name out of the bucket that leads nowhere but into our folder. Raises OutOfReach."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or any(part.startswith(".") for part in path.parts):
        raise OutOfReach("the store holds a file with a name that we did not give")
    return name


def remove_empty(folder: Path) -> None:
    """Remove the folders in which no file is left, `folder` too."""
    for path in sorted((each for each in folder.rglob("*") if each.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def storage_of(settings: Settings) -> Storage:
    """As this installation is set up. Raises Invalid for settings of a bucket that do not fit."""
    return opened(settings.videos_dir, storage_settings.read())


@cache
def opened(folder: Path, bucket: BucketSettings | None) -> Storage:
    """One for each set of settings: its connections are used again."""
    return Storage(folder, Bucket(bucket) if bucket else None)
