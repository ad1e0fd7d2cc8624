"""One MP4 of a packaged video, to keep and to watch without a line. Nothing is encoded again for it."""

from pathlib import Path

from backtolife.content.encoding.ffmpeg import run_ffmpeg
from backtolife.content.encoding.playlists import CAPTIONS
from backtolife.content.encoding.renditions import DOWNLOAD, LADDER
from backtolife.errors import NotFound

MOST_LINES = 540
"""Sharp enough for a phone or a tablet, at half the size of the largest picture."""
TIMEOUT_S = 1800.0


def write_download(folder: Path, duration_ms: int) -> Path:
    """Write the file from the best rendition in `folder` that is not above MOST_LINES, with its captions inside.

    Whoever reads meanwhile has the old file or the new one, whole. Raises NotFound when there is no rendition,
    Interrupted when there is no room.
    """
    there = [each for each in LADDER if (folder / each.name / "index.m3u8").is_file()]
    if not there:
        raise NotFound("There is nothing in this video's folder to make one file of.")
    best = ([each for each in there if each.lines <= MOST_LINES] or there[:1])[-1]
    command = ["-protocol_whitelist", "file", "-f", "hls", "-i", f"{best.name}/index.m3u8"]
    words: list[str] = []
    if (folder / CAPTIONS).is_file():
        command += ["-protocol_whitelist", "file", "-f", "webvtt", "-i", CAPTIONS]
        words = ["-map", "1:s:0", "-c:s", "mov_text"]
    part = folder / f".{DOWNLOAD}.part"
    command += ["-map", "0:v:0", "-map", "0:a:0?", "-c:v", "copy", "-c:a", "copy", *words]
    try:
        run_ffmpeg(
            [*command, "-movflags", "+faststart", "-f", "mp4", part.name],
            makes=[part.name],
            cwd=folder,
            duration_ms=duration_ms,
            timeout_s=TIMEOUT_S,
        )
        return part.replace(folder / DOWNLOAD)
    finally:
        part.unlink(missing_ok=True)
