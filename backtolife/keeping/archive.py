"""One encrypted file: a tar of parts, each with its sum, closed by age for its recipients.

`age --decrypt --identity KEY ARCHIVE | tar --extract` opens it without any of our programs.
"""

import hashlib
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from backtolife.keeping.about import ABOUT, SUMS, About, read_about
from backtolife.keeping.faults import Damaged, NoArchive, WrongKey

AT_ONCE = 256 * 1024
CHUNK = 64 * 1024
TAG = 16
HEAD = re.compile(rb"age-encryption\.org/v1\n-> .*?\n--- [^\n]+\n", re.DOTALL)
LONGEST_HEAD = 64 * 1024
CUT = "It is half a backup, or was changed since it was made. Take another one, or fetch this one again."


@dataclass(frozen=True)
class Part:
    """One file in an archive: its name there, and what is in it."""

    name: str
    source: Path | bytes

    def open(self) -> IO[bytes]:
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Watched:
    """A file that remembers why it could not be written, and the sum of what was."""

    def __init__(self, handle: IO[bytes]) -> None:
        self.handle, self.sum, self.fault = handle, hashlib.sha256(), OSError()
        self.failed = False

    def write(self, data: bytes) -> int:
        try:
            self.handle.write(data)
        except OSError as error:
            self.fault, self.failed = error, True
            raise
        self.sum.update(data)
        return len(data)

    def flush(self) -> None:
        with suppress(OSError):  # what is left is written, or refused, when the caller flushes for good
            self.handle.flush()


def write(target: IO[bytes], about: About, parts: Iterable[Part], recipients: Iterable[str]) -> str:
    """Write an archive and return its own sum. Raises OSError where it cannot be written, or a part not read."""
    import pyrage  # noqa: PLC0415 - an extra

    keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    watched = Watched(target)
    with beside(lambda pipe: put(pipe, about, parts)) as plain:
        try:
            pyrage.encrypt_io(plain, watched, keys)
        except (pyrage.EncryptError, OSError):
            if watched.failed:
                raise watched.fault from None
            raise
    return watched.sum.hexdigest()


def put(pipe: IO[bytes], about: About, parts: Iterable[Part]) -> None:
    """The tar itself."""
    sums = []
    with tarfile.open(mode="w|", fileobj=pipe, bufsize=AT_ONCE) as tar:
        for part in (Part(ABOUT, about.as_bytes()), *parts):
            with suppress(FileNotFoundError), part.open() as handle:  # deleted since the database was copied
                sums.append(f"{add(tar, part.name, handle)}  {part.name}\n")
        add(tar, SUMS, io.BytesIO("".join(sums).encode()))


def add(tar: tarfile.TarFile, name: str, handle: IO[bytes]) -> str:
    """One part with its size as it is now; what is added behind meanwhile is of the next backup."""
    told = tarfile.TarInfo(name)
    told.size = handle.seek(0, os.SEEK_END)
    told.mode = 0o600
    handle.seek(0)
    summed = Summed(handle)
    tar.addfile(told, summed)
    return summed.sum.hexdigest()


class Summed:
    """Reads, and keeps the sum of what was read."""

    def __init__(self, handle: Readable) -> None:
        self.handle, self.sum = handle, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self.handle.read(size)
        self.sum.update(data)
        return data


@contextmanager
def beside(feed: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """A pipe that `feed` fills in a thread of its own. What goes wrong there is raised as the block ends."""
    out, into = os.pipe()
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(into, "wb") as pipe:
                feed(pipe)
        except BaseException as error:  # noqa: BLE001 - raised again, in the thread that waits
            faults.append(error)

    thread = threading.Thread(target=run, name="archive", daemon=True)
    thread.start()
    try:
        with os.fdopen(out, "rb") as pipe:
            yield pipe
    except BaseException:
        thread.join()
        if faults and not isinstance(faults[0], BrokenPipeError):
            raise faults[0] from None  # the first cause: what the reader saw is only the end of the pipe
        raise
    thread.join()
    if faults and not isinstance(faults[0], BrokenPipeError):
        raise faults[0]


def unreadable(path: Path, error: OSError) -> str:
    """What to do about a file that is there and that we may not read."""
    return (
        f"{path} cannot be read: {error.strerror}. It must belong to the user that this runs as, in a folder which "
        "that user may enter; root gives it with: chown."
    )


def identity_in(key: Path) -> Any:
    """The private key in a file, as age keeps it. Raises WrongKey when there is none."""
    import pyrage  # noqa: PLC0415 - an extra

    try:
        lines = key.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        lines = []
    except OSError as error:
        raise WrongKey(unreadable(key.absolute(), error)) from None
    try:
        return pyrage.x25519.Identity.from_str(next(each for each in lines if each.startswith("AGE-SECRET-KEY-")))
    except (StopIteration, pyrage.IdentityError):
        raise WrongKey(
            f"There is no private key in {key}. It is the file that backup-key wrote, with AGE-SECRET-KEY- in it."
        ) from None


Take = Callable[[str, Readable], None]


def read(archive: Path, identity: Any, take: Take) -> About:
    """Give every part to `take`, in order, and compare each with its sum.

    Raises NoArchive, WrongKey, Damaged or NewerBackup: then nothing that was taken may be used.
    """
    sums: dict[str, str] = {}
    about: About | None = None
    with archive.open("rb") as closed, beside(lambda pipe: decrypt(closed, pipe, identity)) as plain:
        for name, part in members(plain):
            if about is None and name != ABOUT:
                raise NoArchive("This archive is none of ours: it does not begin with what it is.")
            if name == SUMS:
                refuse_other_sums(sums, part.read())
                while plain.read(AT_ONCE):  # age says at its very end whether all of it was there
                    pass
                return present(about)
            summed = Summed(part)
            if name == ABOUT:
                about = read_about(summed.read())
            else:
                take(name, summed)
                while summed.read(AT_ONCE):
                    pass
            sums[name] = summed.sum.hexdigest()
        raise Damaged(CUT)


def present(about: About | None) -> About:
    if about is None:
        raise NoArchive("This archive is none of ours: it does not begin with what it is.")
    return about


def members(plain: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        with tarfile.open(mode="r|", fileobj=plain, bufsize=AT_ONCE) as tar:
            for told in tar:
                part = tar.extractfile(told)
                if part is None or told.name.startswith("/") or ".." in Path(told.name).parts:
                    raise NoArchive("This archive is none of ours: a part of it leads outside.")
                yield told.name, part
    except (tarfile.TarError, EOFError):
        raise Damaged(CUT) from None


def decrypt(closed: IO[bytes], pipe: IO[bytes], identity: Any) -> None:
    import pyrage  # noqa: PLC0415 - an extra

    try:
        pyrage.decrypt_io(closed, pipe, [identity])
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise WrongKey(
                "This key does not open this backup. Take the one that was made with its recipient."
            ) from None
        raise NoArchive("This is no backup, or only its first few bytes.") from None
    except BrokenPipeError:
        raise
    except OSError:
        raise Damaged(CUT) from None


def refuse_other_sums(found: dict[str, str], told: bytes) -> None:
    lines = told.decode(errors="replace").splitlines()
    wanted = {name: sum_ for sum_, _, name in (line.partition("  ") for line in lines)}
    if wanted != found:
        other = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        raise Damaged(f"{CUT} What differs: {', '.join(other[:5])}.")


def refuse_no_shape(archive: Path) -> None:
    """What can be seen without a key: the head of an age file, and a length that its chunks can have."""
    try:
        if not archive.is_file():
            raise NoArchive(f"There is no backup at {archive.absolute()}.")
        size = archive.stat().st_size
        with archive.open("rb") as handle:
            head = handle.read(LONGEST_HEAD)
    except OSError as error:
        raise NoArchive(unreadable(archive.absolute(), error)) from None
    found = HEAD.match(head)
    if found is None:
        raise NoArchive(f"{archive} is no backup: it does not begin as an age file does.")
    after = size - found.end() - TAG
    if after < TAG or 0 < after % (CHUNK + TAG) < TAG:
        raise Damaged(CUT)
