"""Which qualities a video is offered in, and how ffmpeg is told to make them as HLS with fMP4 segments."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.content.encoding.ffmpeg import filters_of, find_ffmpeg
from backtolife.content.encoding.probe import Probed

SEGMENT_SECONDS = 6
STILL_FPS = 5
FASTEST_FPS = 30
THREADS = 2
"""For reading and for each rendition: the rest of the machine belongs to people who are in a session."""


AUDIO_KBPS, SPEECH_KBPS = 96, 48
"""Of sound beside a picture, and of sound on a slow line."""


@dataclass(frozen=True)
class Rendition:
    """A picture whose shorter side has `lines` pixels and whose bits a second stay below `kbps` thousand.

    `buffer_s` is for how many seconds of that it may run ahead, `fps` the most pictures a second.
    """

    name: str
    lines: int
    kbps: int
    sound_kbps: int = AUDIO_KBPS
    buffer_s: int = 2
    fps: int = FASTEST_FPS


THINNEST = Rendition("240p", 240, 80, sound_kbps=SPEECH_KBPS, buffer_s=1, fps=15)
"""150 kbit/s with its sound and what holds both together, in each of its segments."""
FIRST = (THINNEST, Rendition("360p", 360, 600))
"""Made before any other, also from a picture that is smaller."""
LADDER = (*FIRST, Rendition("540p", 540, 1200), Rendition("720p", 720, 2200))
"""Lowest first. Each carries the sound too: small players (hls.js light) know no separate sound tracks."""
AUDIO = "audio"
"""The folder of the rendition without a picture."""
DOWNLOAD = "download.mp4"
"""The video as one file to keep, beside those folders."""


def fitting(video: Probed) -> tuple[Rendition, ...]:
    """The part of LADDER that makes nothing larger than `video` is; at least FIRST."""
    side = min(video.width, video.height)
    return tuple(each for each in LADDER if each.lines <= side or each in FIRST)


def arguments(source: str, video: Probed, renditions: Sequence[Rendition], *, slides: bool, sound: bool) -> list[str]:
    """ffmpeg's arguments for one pass over `source` that writes one folder a rendition, and `audio/` if `sound`.

    `slides` is for our own slide videos: few pictures a second, a codec tuned for pictures that do not move, and sound
    that is copied where it may be heavy.
    """
    command = ["-threads", str(THREADS), "-protocol_whitelist", "file", "-f", video.demuxer, "-i", f"file:{source}"]
    ends = [] if slides else ["-t", f"{video.duration_ms / 1000:.3f}"]
    if renditions:
        command += ["-filter_complex", graph(video, renditions, slides=slides)]
    for each in renditions:
        speech = sound_at(each.sound_kbps, slides=slides) if video.has_audio else []
        command += ["-map", f"[{each.name}]", *encode(each, slides=slides), *speech, *ends, *hls(each.name)]
    if sound and video.has_audio:
        command += [*sound_at(SPEECH_KBPS, slides=slides), *ends, *hls(AUDIO)]
    return command


def sound_at(kbps: int, *, slides: bool) -> list[str]:
    """The sound of a rendition. Slides keep their one channel, so that every rendition has the same number."""
    if slides and kbps >= AUDIO_KBPS:
        return ["-map", "0:a:0", "-c:a", "copy"]
    channels = [] if slides else ["-ac", "2"]
    return ["-map", "0:a:0", "-c:a", "aac", "-b:a", f"{kbps}k", *channels, "-ar", "48000"]


def graph(video: Probed, renditions: Sequence[Rendition], *, slides: bool) -> str:
    """One decode, shared out to a scaler for each rendition.

    The last picture stands for as long as the sound goes on; pixels become square; HDR becomes what every screen shows.
    """
    fps = STILL_FPS if slides else min(max(video.fps or FASTEST_FPS, STILL_FPS), FASTEST_FPS)
    outlets = "".join(f"[in{at}]" for at in range(len(renditions)))
    stands = "" if slides else "tpad=stop=-1:stop_mode=clone,"
    parts = [f"[0:v:0]fps={fps:.6g},{stands}split={len(renditions)}{outlets}"]
    for at, each in enumerate(renditions):
        wide = f"w='if(gte(dar,1),2*round({each.lines}*dar/2),{each.lines})'"
        high = f"h='if(gte(dar,1),{each.lines},2*round({each.lines}/dar/2))'"
        colours = f"{to_sdr()}," if video.hdr else ""
        slower = f"fps={each.fps}," if fps > each.fps else ""
        parts.append(f"[in{at}]{slower}scale={wide}:{high},setsar=1,{colours}format=yuv420p[{each.name}]")
    return ";".join(parts)


def to_sdr() -> str:
    """The filters that turn HDR (PQ or HLG, BT.2020) into BT.709.

    With zscale the light is computed: linear, 100 nits to white, BT.709 primaries, highlights rolled off. An ffmpeg
    without it only gets the matrix changed and contrast and colour raised by eye; either way the tags say BT.709.
    """
    if "zscale" in filters_of(find_ffmpeg()):
        linear = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0"
        return f"{linear},zscale=t=bt709:m=bt709:r=tv"
    raised = "scale=out_color_matrix=bt709:out_range=tv,eq=contrast=1.3:brightness=0.05:saturation=1.6"
    return f"{raised},setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def encode(each: Rendition, *, slides: bool) -> list[str]:
    preset = ["-preset", "ultrafast", "-tune", "stillimage"] if slides else ["-preset", "veryfast"]
    return [
        *("-c:v", "libx264", "-threads", str(THREADS), "-profile:v", "main", *preset, "-crf", "24" if slides else "23"),
        *("-maxrate", f"{each.kbps}k", "-bufsize", f"{each.kbps * each.buffer_s}k"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})", "-sc_threshold", "0"),
    ]


def hls(folder: str) -> list[str]:
    return [
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"),
        *("-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4"),
        *("-hls_segment_filename", f"{folder}/%05d.m4s", f"{folder}/index.m3u8"),
    ]
