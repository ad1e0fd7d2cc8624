"""A small file system of our own whose power can be cut: what was not synced is gone. Needs root and loop devices."""

import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

GOING_DOWN, NO_LOG_FLUSH = 0x8004587D, 2
MEGABYTE = 1024 * 1024


@dataclass
class Disk:
    """An ext4 image mounted at `at`."""

    image: Path
    at: Path

    def mount(self) -> None:
        subprocess.run(["mount", "-o", "loop", str(self.image), str(self.at)], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.at)], check=True)

    def cut(self) -> None:
        """Cut the power: nothing that is not on the disk by now ever gets there, the journal's buffer included."""
        directory = os.open(self.at, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(directory, GOING_DOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(directory)


@contextmanager
def disk(folder: Path, megabytes: int = 128) -> Iterator[Disk]:
    """A new disk, mounted; unmounted when the block ends."""
    made = Disk(folder / "disk.img", folder / "disk")
    made.at.mkdir()
    with made.image.open("wb") as image:
        image.truncate(megabytes * MEGABYTE)
    subprocess.run(["mkfs.ext4", "-q", str(made.image)], check=True)
    made.mount()
    try:
        yield made
    finally:
        subprocess.run(["umount", "--lazy", str(made.at)], check=True)
