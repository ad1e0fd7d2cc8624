"""Receiving an upload: onto the disk under a name of ours, looked into, and only then fit for the queue."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backtolife.content.captions.cues import decoded
from backtolife.content.captions.tracks import check_vtt
from backtolife.content.encoding.probe import Probed, probe
from backtolife.content.storage.storage import SOURCES
from backtolife.database.session import new_id
from backtolife.errors import Invalid

VIDEO = "video"
CAPTIONS = "captions.vtt"
LARGEST_CAPTIONS = 2**20


@dataclass(frozen=True)
class Received:
    """An upload that passed: its folder, the file relative to the videos folder, what it is, its captions or None."""

    folder: Path
    source: str
    probed: Probed
    captions: str | None


def receive(videos: Path, *, save: Callable[[Path], object], captions: bytes = b"") -> Received:
    """Let `save` write the file where it belongs in `videos`, and look into it before anybody relies on it.

    The name that the sender gave plays no part. Raises Invalid in plain words for a file that is no video, or
    captions that are none; nothing is left behind then.
    """
    folder = videos / SOURCES / new_id()
    folder.mkdir(parents=True)
    try:
        save(folder / VIDEO)
        words = read_captions(captions) if captions else None
        probed = probe(folder / VIDEO)
        if words is not None:
            (folder / CAPTIONS).write_text(words, encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Received(folder, f"{SOURCES}/{folder.name}/{VIDEO}", probed, words)


def read_captions(data: bytes) -> str:
    if len(data) > LARGEST_CAPTIONS:
        raise Invalid("This captions file is too large. Choose the .vtt file of this video.", "captions")
    return check_vtt(decoded(data))


def give_up(received: Received) -> None:
    """Remove an upload that is not wanted after all."""
    shutil.rmtree(received.folder, ignore_errors=True)


def forget(videos: Path, source: str) -> None:
    """Remove a source, by its path in `videos`, that nothing will be made from."""
    shutil.rmtree((videos / source).parent, ignore_errors=True)


def captions_beside(source: Path) -> str | None:
    """The captions that came with an upload, if any did."""
    path = source.with_name(CAPTIONS)
    return path.read_text(encoding="utf-8") if path.is_file() else None
