"""A zip that is sent while it is written: neither a disk nor memory holds the whole of it."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

ENOUGH = 64 * 1024


class Pipe:
    """A file that only goes forward; `taken` gives what was written since it was last asked."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """There is nowhere to flush to."""

    def taken(self) -> bytes:
        held = b"".join(self._parts)
        self._parts, self.size = [], 0
        return held


def zipped(files: Iterable[tuple[str, Iterable[str]]], at: datetime) -> Iterator[bytes]:
    """A zip of text files, each given by its name and its pieces. `at` is the date the files carry."""
    pipe, when = Pipe(), at.astimezone(UTC)
    stamp = (when.year, when.month, when.day, when.hour, when.minute, when.second)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, pieces in files:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece.encode())
                    if pipe.size >= ENOUGH:
                        yield pipe.taken()
    yield pipe.taken()
