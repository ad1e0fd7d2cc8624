"""Whether an uploaded file is a video we can use. Nothing in the file can make us open another file or a connection."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from backtolife.content.encoding.ffmpeg import gently
from backtolife.errors import Invalid
from backtolife.processes.child_env import child_env
from backtolife.text.from_json import read_json

HDR_TRANSFERS = (16, 18)
"""PQ (SMPTE ST 2084) and HLG (ARIB STD-B67), by their numbers in ITU-T H.273."""
LONGEST_SHAPE = 4.0
"""How much wider than high one pixel may be, or the other way round."""
SAVE_AS = "Save it as an MP4 and try again."


@dataclass(frozen=True)
class Limits:
    """What an upload may be: bytes, milliseconds, pixels to a side, frames a second, streams; seconds to find out."""

    size_bytes: int = 2 * 2**30
    duration_ms: int = 2 * 60 * 60 * 1000
    side_pixels: int = 4096
    fps: float = 120.0
    streams: int = 16
    timeout_s: float = 30.0


@dataclass(frozen=True)
class Found:
    """What the child process found in a file; the last two are not looked for where the picture is far too large."""

    video: bool
    streams: int = 0
    duration_ms: int = 0
    shape: float = 1.0
    transfer: int = 0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    average_fps: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    first_frame: bool = False
    reached_ms: int = 0


@dataclass(frozen=True)
class Probed:
    """What a sound video is: `demuxer` names how to read it, `audio_codec` is empty when it has no sound.

    `fps` is the fastest it shows pictures. `hdr` says that it has more light than a common screen can show.
    """

    demuxer: str
    duration_ms: int
    width: int
    height: int
    fps: float
    video_codec: str
    audio_codec: str
    hdr: bool = False

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)


def probe(path: Path, limits: Limits | None = None) -> Probed:
    """What the video at `path` is. Raises Invalid in plain words when it is no video, broken, or past a limit."""
    limits = limits or Limits()
    size = path.stat().st_size if path.is_file() else 0
    if size == 0:
        raise Invalid("This file is empty. Choose the video again.", "video")
    if size > limits.size_bytes:
        raise Invalid(
            f"This file is too large: {in_gigabytes(size)}. The most is {in_gigabytes(limits.size_bytes)}.", "video"
        )
    kind = demuxer(path)
    found = ask_child(path, kind, limits.timeout_s)
    refuse_unusable(found, limits)
    return Probed(
        demuxer=kind,
        duration_ms=found.duration_ms,
        width=found.width,
        height=found.height,
        fps=found.fps,
        video_codec=found.video_codec,
        audio_codec=found.audio_codec,
        hdr=found.transfer in HDR_TRANSFERS,
    )


def demuxer(path: Path) -> str:
    """How to read the file, from its first bytes and never from its name."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    raise Invalid(f"This file is not a video we can read (MP4, MOV or WebM). {SAVE_AS}", "video")


def ask_child(path: Path, kind: str, timeout_s: float) -> Found:
    command = [sys.executable, "-m", "backtolife.content.encoding.probe_child", f"file:{path.resolve()}", kind]
    try:
        answer = subprocess.run(
            gently(command, niceness=5),
            capture_output=True,
            timeout=timeout_s,
            check=False,
            stdin=subprocess.DEVNULL,
            env=child_env(),
        )
    except subprocess.TimeoutExpired:
        raise Invalid(f"It took too long to read this file. It may be broken. {SAVE_AS}", "video") from None
    broken = f"This file says it is a video but cannot be read. It may be broken. {SAVE_AS}"
    if answer.returncode != 0:
        raise Invalid(broken, "video")
    return read_json(Found, answer.stdout, instead=broken)


def refuse_unusable(found: Found, limits: Limits) -> None:
    """Raise Invalid for the first thing that makes the video unusable."""
    if not found.video:
        raise Invalid("This file has sound but no picture. Choose a video.", "video")
    if found.streams > limits.streams:
        raise Invalid(f"This file has too many tracks ({found.streams}). {SAVE_AS}", "video")
    width, height = found.width, found.height
    if min(width, height) < 16 or max(width, height) > limits.side_pixels:
        raise Invalid(f"The picture is {width} by {height}. The most is {limits.side_pixels} to a side.", "video")
    if not 1 / LONGEST_SHAPE <= found.shape <= LONGEST_SHAPE:
        raise Invalid(f"This video says that its picture is stretched too far to be shown. {SAVE_AS}", "video")
    if found.average_fps > limits.fps:
        raise Invalid(
            f"The video has {found.average_fps:.0f} pictures a second. The most is {limits.fps:.0f}.", "video"
        )
    if found.duration_ms <= 0 or not found.first_frame:
        raise Invalid(f"This file has no picture that can be shown. It may be broken. {SAVE_AS}", "video")
    if found.duration_ms > limits.duration_ms:
        raise Invalid(f"The video is longer than {limits.duration_ms // 60_000} minutes. Cut it into parts.", "video")
    if found.reached_ms < found.duration_ms - max(2000, found.duration_ms // 20):
        raise Invalid("The end of this video is missing. Was the upload cut short? Try again.", "video")


def in_gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 // 10 else f"{max(size / 2**20, 0.1):.1f} MB"
