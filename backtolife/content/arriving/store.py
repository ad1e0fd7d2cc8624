"""Files on their way in, each in a folder of its own under the videos folder: what has come, and what it will be.

How much has come is the size of the file on the disk and nothing else, so that a restart forgets nothing.
"""

import fcntl
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from errno import EDQUOT, ENOSPC
from pathlib import Path

from backtolife.content.encoding.probe import in_gigabytes
from backtolife.database.session import new_id
from backtolife.errors import BacktolifeError, Conflict, Invalid, NotFound
from backtolife.text.from_json import read_json

ARRIVING = "arriving"
FILE = "video"
ABOUT = "about.json"
ID = re.compile(r"[0-9a-f]{32}")
LIFE = timedelta(days=7)
"""How long a file that stopped arriving is kept after its last byte."""
MOST_AT_ONCE = 5
"""Of one service, unfinished ones too."""
LONGEST_NAME = 200
SPARE_BYTES = 500_000_000
"""What the machine keeps for itself: its database grows on the same disk."""
TIMES = 2
"""A video needs room for itself, and about as much for what is made from it."""
FULL = (ENOSPC, EDQUOT)
GONE = "We do not have this part of your video any more. Choose the file and send it again."


class NoRoom(BacktolifeError):
    """The disk is full, or would be."""

    status = 507


@dataclass(frozen=True)
class Arrival:
    """A file on its way in: whose it is, what it is called where it comes from, and how many bytes it will have."""

    id: str
    service_id: str
    person_id: str
    name: str
    length: int
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / FILE

    @property
    def offset(self) -> int:
        """How many bytes have come."""
        return self.path.stat().st_size

    @property
    def whole(self) -> bool:
        return self.offset == self.length

    @property
    def percent(self) -> int:
        return self.offset * 100 // self.length

    @property
    def until(self) -> datetime:
        """When it is thrown away, unless more comes."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) + LIFE


@dataclass(frozen=True)
class About:
    """What stands beside the file."""

    service_id: str
    person_id: str
    name: str
    length: int


def begin(videos: Path, *, service_id: str, person_id: str, name: str, length: int, most: int) -> Arrival:
    """Make a place for a file of `length` bytes.

    Raises Invalid when it is empty or larger than `most`, or too many are on their way, NoRoom when the disk could not
    hold it.
    """
    if length <= 0:
        raise Invalid("This file is empty. Choose the video again.", "video")
    if length > most:
        raise Invalid(f"This file is too large: {in_gigabytes(length)}. The most is {in_gigabytes(most)}.", "video")
    if len(of_service(videos, service_id)) >= MOST_AT_ONCE:
        raise Invalid("Too many videos are on their way in. Finish or remove one of them first.", "video")
    refuse_without_room(videos, length)
    arrival_id = new_id()
    folder = videos / ARRIVING / arrival_id
    folder.mkdir(parents=True)
    about = About(service_id, person_id, name[:LONGEST_NAME], length)
    try:
        (folder / FILE).touch()
        (folder / ABOUT).write_text(json.dumps(asdict(about)), encoding="utf-8")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise in_words(error) from error
    return Arrival(arrival_id, folder=folder, **asdict(about))


def refuse_without_room(videos: Path, length: int) -> None:
    videos.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(videos).free - SPARE_BYTES
    if free < length * TIMES:
        raise NoRoom(
            f"There is no room for this video on our side: it needs {in_gigabytes(length * TIMES)}, and "
            f"{in_gigabytes(max(free, 0))} is free. Tell whoever looks after this service."
        )


def find(videos: Path, *, service_id: str, arrival_id: str) -> Arrival:
    """The file on its way that `arrival_id` names. Raises NotFound when there is none, or it is another service's."""
    found = read(videos / ARRIVING / arrival_id) if ID.fullmatch(arrival_id) else None
    if found is None or found.service_id != service_id:
        raise NotFound(GONE)
    return found


def read(folder: Path) -> Arrival | None:
    """What a folder holds; None when it holds nothing whole, as after a crash."""
    try:
        about = read_json(About, (folder / ABOUT).read_bytes(), instead=GONE)
        (folder / FILE).stat()
    except (OSError, Invalid):
        return None
    return Arrival(folder.name, folder=folder, **asdict(about))


def of_service(videos: Path, service_id: str) -> list[Arrival]:
    """What is on its way to a service, the one that got something last in front."""
    folders = (videos / ARRIVING).iterdir() if (videos / ARRIVING).is_dir() else ()
    found = [each for each in map(read, folders) if each is not None and each.service_id == service_id]
    return sorted(found, key=lambda each: each.until, reverse=True)


def add(arrival: Arrival, data: bytes, *, at: int) -> int:
    """Write what came at `at`, and return where it ends.

    Raises Conflict when the file is not that long: another connection took over. Invalid when it would be longer than
    was said, NoRoom when the disk is full; what fitted counts. NotFound when it was removed meanwhile.
    """
    if at + len(data) > arrival.length:
        raise Invalid("More came than the file was said to have. Choose the video again.", "video")
    try:
        with arrival.path.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_size != at:
                raise Conflict("This video goes on from another place. Load the page again.")
            file.seek(at)
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
    except FileNotFoundError:
        raise NotFound(GONE) from None
    except OSError as error:
        raise in_words(error) from error
    return at + len(data)


def in_words(error: OSError) -> Exception:
    """The error as a person can act on it, where it is a full disk."""
    if error.errno not in FULL:
        return error
    return NoRoom("The disk on our side is full. What has come is kept. Tell whoever looks after this service.")


def remove(arrival: Arrival) -> None:
    shutil.rmtree(arrival.folder, ignore_errors=True)


def sweep(videos: Path, now: datetime) -> int:
    """Remove what stopped arriving, and what a crash left behind; how many folders it was."""
    folders = list((videos / ARRIVING).iterdir()) if (videos / ARRIVING).is_dir() else []
    gone = [folder for folder in folders if folder.is_dir() and is_over(folder, now)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def is_over(folder: Path, now: datetime) -> bool:
    try:
        found = read(folder)
        return now >= found.until if found else now >= datetime.fromtimestamp(folder.stat().st_mtime, UTC) + LIFE
    except FileNotFoundError:  # it was used or removed a moment ago
        return False
