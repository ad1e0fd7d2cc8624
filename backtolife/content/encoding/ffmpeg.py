"""Running ffmpeg: finding it, at low priority, with progress, in a time limit, and never left behind."""

import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from backtolife.content.encoding.whole import is_whole
from backtolife.errors import BacktolifeError, Conflict, Invalid
from backtolife.processes.child_env import child_env

Progress = Callable[[float], None]
"""Called with how much is done, from 0 to 1, never going back."""

NICENESS = 15
MOST_MEMORY = 4 * 2**30
"""Enough for the largest picture we take; more is a file that means harm."""
OUR_FAULTS = ("No space left on device", "Cannot allocate memory", "Input/output error", "Disk quota exceeded")


class Interrupted(BacktolifeError):
    """ffmpeg was killed, or the machine ran out of room: nothing is wrong with the file, and trying again helps."""


WORDS_OF_ERROR, LINES_OF_ERROR = 300, 20


def find_ffmpeg() -> str:
    """The ffmpeg on PATH, else the one in the imageio-ffmpeg wheel. Raises Conflict when there is neither."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg  # noqa: PLC0415 - an optional extra, and slow to import
    except ImportError:
        raise Conflict(
            "Videos need ffmpeg, and there is none here. Install ffmpeg, or the package's extra: backtolife[demo]."
        ) from None
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def filters_of(ffmpeg: str) -> frozenset[str]:
    """The names of the filters that this ffmpeg was built with."""
    command = [ffmpeg, "-hide_banner", "-filters"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=child_env()).stdout
    return frozenset(line.split()[1] for line in said.splitlines() if len(line.split()) > 2)


def gently(command: Sequence[str], *, niceness: int = NICENESS) -> list[str]:
    """`command` at low priority, and ended by the kernel if we die first, as far as this machine can do both."""
    prefix: list[str] = []
    setpriv = shutil.which("setpriv")
    if setpriv:
        prefix += [setpriv, "--pdeathsig", "KILL"]
    ionice = shutil.which("ionice")
    if ionice and niceness:
        prefix += [ionice, "-c", "3"]
    nice = shutil.which("nice")
    if nice and niceness:
        prefix += [nice, "-n", str(niceness)]
    return [*prefix, *command]


def bounded(command: Sequence[str]) -> list[str]:
    """`command` with at most MOST_MEMORY of address space, where this machine can say so."""
    prlimit = shutil.which("prlimit")
    return [prlimit, f"--as={MOST_MEMORY}", *command] if prlimit else list(command)


def ignore(_: float) -> None:
    """Somebody who does not want to hear about progress."""


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    makes: Iterable[str],
    cwd: Path,
    duration_ms: int,
    timeout_s: float,
    on_progress: Progress = ignore,
    niceness: int = NICENESS,
) -> None:
    """Run ffmpeg in `cwd` until it is done, telling `on_progress` how far of `duration_ms` it has come.

    `makes` are the MP4s and playlists that it writes, by their names in `cwd`. Raises Conflict when it takes longer
    than `timeout_s`, Interrupted when it was killed or had no room, Invalid when it refuses the file. Whatever
    happens, also an error in `on_progress`, no process is left running.
    """
    command = [find_ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-progress", "pipe:1", *arguments]
    late = threading.Event()
    said: deque[str] = deque(maxlen=LINES_OF_ERROR)
    with subprocess.Popen(
        bounded(gently(command, niceness=niceness)),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**child_env(), "HOME": str(cwd), "LC_ALL": "C.UTF-8"},
    ) as process:

        def stop() -> None:
            late.set()
            process.kill()

        alarm = threading.Timer(timeout_s, stop)
        alarm.daemon = True
        alarm.start()
        assert process.stdout is not None  # noqa: S101 - asked for above
        assert process.stderr is not None  # noqa: S101 - asked for above
        # Kept here and in no file: on a full disk there would be no room for the words that say so.
        listener = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
        listener.start()
        try:
            tell(process.stdout, duration_ms, on_progress)
            code = process.wait()
            listener.join()
        finally:
            alarm.cancel()
            process.kill()
        if late.is_set():
            raise Conflict(f"The video took longer than {timeout_s / 60:.0f} minutes to prepare and was stopped.")
        if code != 0:
            words = "".join(said).strip()[-WORDS_OF_ERROR:]
            if (
                code < 0
                or (code >= 128 + signal.SIGHUP and code < 128 + 32)
                or any(each in words for each in OUR_FAULTS)
            ):
                raise Interrupted(f"Preparing the video was interrupted on our side ({words or code}).")
            raise Invalid(f"The video could not be prepared. Save it again as an MP4 and try once more. ({words})")
        torn = [name for name in makes if (cwd / name).is_file() and not is_whole(cwd / name)]
        if torn:
            raise Interrupted(f"The disk was full while the video was prepared: {torn[0]} has no end.")
    on_progress(1.0)


def tell(lines: Iterable[str], duration_ms: int, on_progress: Progress) -> None:
    """Read ffmpeg's own progress report to its end."""
    furthest = 0.0
    for line in lines:
        name, _, value = line.strip().partition("=")
        if name == "out_time_us" and value.isdigit() and duration_ms > 0:
            done = min(int(value) / 1000 / duration_ms, 1.0)
            if done > furthest:
                furthest = done
                on_progress(furthest)
