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
"""Lowest first. Sound is packaged once, beside them, and is also the "just sound" rendition."""
AUDIO = "audio"
AUDIO_KBPS = 96


def fitting(video: Probed, ladder: Sequence[Rendition] = LADDER) -> tuple[Rendition, ...]:
    """The part of `ladder` that makes nothing larger than `video` is; at least the lowest."""
    side = min(video.width, video.height)
    return tuple(each for each in ladder if each.lines <= side or each is ladder[0])


def arguments(
    source: str, video: Probed, renditions: Sequence[Rendition], *, still: bool, sound: bool, copy_sound: bool
) -> list[str]:
    """ffmpeg's arguments for one pass over `source` that writes one folder a rendition, and `audio/` with `sound`.

    `still` is for slides: few pictures a second and a codec tuned for pictures that do not move.
    """
    command = ["-protocol_whitelist", "file", "-f", video.demuxer, "-i", f"file:{source}"]
    if renditions:
        command += ["-filter_complex", graph(video, renditions, still=still)]
    for each in renditions:
        command += ["-map", f"[{each.name}]", *encode(each, video, still=still), *hls(each.name)]
    if sound and video.has_audio:
        codec = (
            ["-c:a", "copy"] if copy_sound else ["-c:a", "aac", "-b:a", f"{AUDIO_KBPS}k", "-ac", "2", "-ar", "48000"]
        )
        command += ["-map", "0:a:0", *codec, *hls(AUDIO)]
    return command


def graph(video: Probed, renditions: Sequence[Rendition], *, still: bool) -> str:
    """One decode, shared out to a scaler for each rendition."""
    fps = STILL_FPS if still else min(video.fps or FASTEST_FPS, FASTEST_FPS)
    outlets = "".join(f"[in{at}]" for at in range(len(renditions)))
    parts = [f"[0:v:0]fps={fps:.6g},split={len(renditions)}{outlets}"]
    for at, each in enumerate(renditions):
        wide = f"'if(gte(iw,ih),-2,{each.lines})':'if(gte(iw,ih),{each.lines},-2)'"
        parts.append(f"[in{at}]scale={wide},setsar=1,format=yuv420p[{each.name}]")
    return ";".join(parts)


def encode(each: Rendition, video: Probed, *, still: bool) -> list[str]:
    preset = ["-preset", "ultrafast", "-tune", "stillimage"] if still else ["-preset", "veryfast"]
    return [
        *("-c:v", "libx264", "-profile:v", "main", *preset, "-crf", "24" if still else "23"),
        *("-maxrate", f"{each.kbps}k", "-bufsize", f"{each.kbps * 2}k"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})", "-sc_threshold", "0"),
    ]


def hls(folder: str) -> list[str]:
    return [
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"),
        *("-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4"),
        *("-hls_segment_filename", f"{folder}/%05d.m4s", f"{folder}/index.m3u8"),
    ]
