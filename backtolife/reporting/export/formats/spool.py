"""Files that cannot be written from front to back: made on disk first, then sent from there."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

PIECE = 64 * 1024


def from_disk(name: str, write: Callable[[Path], None]) -> Iterator[bytes]:
    """What `write` puts into the file it is given, piece by piece. The file is gone when the last piece is read."""
    with tempfile.TemporaryDirectory(prefix="backtolife-") as folder:
        path = Path(folder) / name
        write(path)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
