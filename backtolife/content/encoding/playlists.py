"""The master playlist, written from the renditions that are really there."""

import re
from pathlib import Path

from backtolife.content.encoding.renditions import AUDIO, LADDER
from backtolife.errors import Invalid

MASTER = "master.m3u8"
CAPTIONS = "captions.vtt"
CAPTIONS_PLAYLIST = "captions.m3u8"
MIME_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
}
"""What each file of a package must be served as."""


def write_master(folder: Path, *, language: str = "en-GB") -> None:
    """Write `master.m3u8` for what `folder` holds, so that a reader sees the old one or the new one, whole.

    Each picture carries its sound; sound alone is the last choice; captions are a subtitles track. Raises Invalid
    when there is neither a picture nor sound.
    """
    present = [each.name for each in LADDER if (folder / each.name / "index.m3u8").is_file()]
    sound = (folder / AUDIO / "index.m3u8").is_file()
    if not present and not sound:
        raise Invalid("There is nothing to play in this video's folder.")
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    subtitles = ""
    if (folder / CAPTIONS).is_file():
        subtitles = ',SUBTITLES="captions"'
        lines.append(
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Captions",LANGUAGE="{language}",'
            f'DEFAULT=YES,AUTOSELECT=YES,URI="{CAPTIONS_PLAYLIST}"'
        )
    for name in [*present, AUDIO] if sound else present:
        lines += [variant(folder / name) + subtitles, f"{name}/index.m3u8"]
    replace(folder / MASTER, "\n".join(lines) + "\n")


def variant(folder: Path) -> str:
    """The line that tells a player what a rendition needs: bits a second, codecs and size."""
    data = (folder / "init.mp4").read_bytes()
    peak, mean = bandwidth(folder)
    codecs, size = [], ""
    if folder.name != AUDIO:
        codec, width, height = picture(data)
        codecs.append(codec)
        size = f",RESOLUTION={width}x{height}"
    if b"mp4a" in data:
        codecs.append("mp4a.40.2")
    return f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={mean},CODECS="{",".join(codecs)}"{size}'


def write_captions(folder: Path, vtt: str, duration_ms: int) -> None:
    """Write the captions as a plain file and as a playlist of one segment that is as long as the video."""
    replace(folder / CAPTIONS, vtt)
    seconds = duration_ms / 1000
    playlist = [
        *("#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{int(seconds) + 1}", "#EXT-X-PLAYLIST-TYPE:VOD"),
        *(f"#EXTINF:{seconds:.3f},", CAPTIONS, "#EXT-X-ENDLIST"),
    ]
    replace(folder / CAPTIONS_PLAYLIST, "\n".join(playlist) + "\n")


def replace(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def bandwidth(folder: Path) -> tuple[int, int]:
    """The most and the mean bits a second of a rendition, from its segments."""
    entries = re.findall(r"#EXTINF:([\d.]+),.*\n(\S+)", (folder / "index.m3u8").read_text(encoding="utf-8"))
    sizes = [(float(seconds), (folder / name).stat().st_size * 8) for seconds, name in entries]
    total = sum(seconds for seconds, _ in sizes)
    if not total:
        raise Invalid("A rendition of this video has no segments.")
    peak = max(bits / seconds for seconds, bits in sizes if seconds >= min(1.0, total))
    return round(peak), round(sum(bits for _, bits in sizes) / total)


def picture(data: bytes) -> tuple[str, int, int]:
    """The codec as RFC 6381 writes it, the width and the height, from an init segment's avc1 and avcC boxes."""
    entry, config = data.find(b"avc1"), data.find(b"avcC")
    if min(entry, config) < 0:
        raise Invalid("A rendition of this video is not H.264.")
    sizes = data[entry + 28 : entry + 32]
    return (
        f"avc1.{data[config + 5 : config + 8].hex()}",
        int.from_bytes(sizes[:2], "big"),
        int.from_bytes(sizes[2:], "big"),
    )
