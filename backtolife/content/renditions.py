"""Which qualities a video is offered in, and how ffmpeg is told to make them as HLS with fMP4 segments."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.content.probe import Probed

SEGMENT_SECONDS = 6
STILL_FPS = 5
FASTEST_FPS = 30


@dataclass(frozen=True)
class Rendition:
    """A picture whose shorter side has `lines` pixels and whose bits a second stay below `kbps` thousand."""

    name: str
    lines: int
    kbps: int


LOWEST = Rendition("360p", 360, 600)
LADDER = (LOWEST, Rendition("540p", 540, 1200), Rendition("720p", 720, 2200))
"""Lowest first. Each carries the sound too: small players (hls.js light) know no separate sound tracks."""
AUDIO = "audio"
"""The folder of the "just sound" rendition."""
AUDIO_KBPS = 96


def fitting(video: Probed, ladder: Sequence[Rendition] = LADDER) -> tuple[Rendition, ...]:
    """The part of `ladder` that makes nothing larger than `video` is; at least the lowest."""
    side = min(video.width, video.height)
    return tuple(each for each in ladder if each.lines <= side or each is ladder[0])


def arguments(source: str, video: Probed, renditions: Sequence[Rendition], *, slides: bool, sound: bool) -> list[str]:
    """ffmpeg's arguments for one pass over `source` that writes one folder a rendition, and `audio/` if `sound`.

    `slides` is for our own slide videos: few pictures a second, a codec tuned for pictures that do not move, and sound
    that is copied.
    """
    command = ["-protocol_whitelist", "file", "-f", video.demuxer, "-i", f"file:{source}"]
    if renditions:
        command += ["-filter_complex", graph(video, renditions, slides=slides)]
    speech: list[str] = []
    if video.has_audio:
        codec = ["-c:a", "copy"] if slides else ["-c:a", "aac", "-b:a", f"{AUDIO_KBPS}k", "-ac", "2", "-ar", "48000"]
        speech = ["-map", "0:a:0", *codec]
    for each in renditions:
        command += ["-map", f"[{each.name}]", *encode(each, slides=slides), *speech, *hls(each.name)]
    if sound and speech:
        command += [*speech, *hls(AUDIO)]
    return command


def graph(video: Probed, renditions: Sequence[Rendition], *, slides: bool) -> str:
    """One decode, shared out to a scaler for each rendition."""
    fps = STILL_FPS if slides else min(video.fps or FASTEST_FPS, FASTEST_FPS)
    outlets = "".join(f"[in{at}]" for at in range(len(renditions)))
    parts = [f"[0:v:0]fps={fps:.6g},split={len(renditions)}{outlets}"]
    for at, each in enumerate(renditions):
        wide = f"'if(gte(iw,ih),-2,{each.lines})':'if(gte(iw,ih),{each.lines},-2)'"
        parts.append(f"[in{at}]scale={wide},setsar=1,format=yuv420p[{each.name}]")
    return ";".join(parts)


def encode(each: Rendition, *, slides: bool) -> list[str]:
    preset = ["-preset", "ultrafast", "-tune", "stillimage"] if slides else ["-preset", "veryfast"]
    return [
        *("-c:v", "libx264", "-profile:v", "main", *preset, "-crf", "24" if slides else "23"),
        *("-maxrate", f"{each.kbps}k", "-bufsize", f"{each.kbps * 2}k"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})", "-sc_threshold", "0"),
    ]


def hls(folder: str) -> list[str]:
    return [
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"),
        *("-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4"),
        *("-hls_segment_filename", f"{folder}/%05d.m4s", f"{folder}/index.m3u8"),
    ]
