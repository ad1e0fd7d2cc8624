"""From one video file to something a browser can stream: HLS renditions, sound, captions, one master playlist.

A video is published when its folder has a `master.m3u8`. Everything is made in a folder beside it and moved in by
rename, the master last, so that an interruption leaves either the old state or the new one.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from backtolife.content.captions.tracks import check_vtt
from backtolife.content.encoding.ffmpeg import NICENESS, Progress, ignore, run_ffmpeg
from backtolife.content.encoding.playlists import MASTER, write_captions, write_master
from backtolife.content.encoding.probe import Limits, Probed, probe
from backtolife.content.encoding.renditions import AUDIO, FIRST, LADDER, Rendition, arguments, fitting

PART = ".part-"


@dataclass(frozen=True)
class Package:
    """A published video: its folder, its length, and the names of the renditions in it."""

    folder: Path
    duration_ms: int
    renditions: tuple[str, ...]
    has_audio: bool


def published(folder: Path) -> bool:
    """Whether the video in `folder` can be played."""
    return (folder / MASTER).is_file()


def present(folder: Path) -> tuple[str, ...]:
    """The renditions that are already in `folder`, lowest first."""
    return tuple(each.name for each in LADDER if (folder / each.name / "index.m3u8").is_file())


def missing(folder: Path, video: Probed) -> tuple[Rendition, ...]:
    """The renditions of `video` that are still to be made, lowest first."""
    return tuple(each for each in fitting(video) if each.name not in present(folder))


def package(
    source: Path,
    folder: Path,
    *,
    renditions: Sequence[Rendition] | None = None,
    captions: str | None = None,
    language: str = "en-GB",
    slides: bool = False,
    on_progress: Progress = ignore,
    timeout_s: float = 3600.0,
    niceness: int = NICENESS,
    limits: Limits | None = None,
) -> Package:
    """Make `renditions` of `source` (every fitting one that is missing, when None), publish them into `folder`.

    Call it first with FIRST (renditions are those of LADDER) so that the video plays within seconds, then again
    for the rest: sound alone is made the first time only, and the master playlist is written anew each time.
    `captions` is WebVTT. `slides` is for a video made by `demo_video`: its pictures do not move and its sound can stay
    as it is. Raises Invalid for a file that is no video or captions that are none, Conflict when it takes longer than
    `timeout_s` seconds.
    """
    video = probe(source, limits)
    words = check_vtt(captions) if captions is not None else None
    wanted = missing(folder, video) if renditions is None else tuple(renditions)
    sound = video.has_audio and not (folder / AUDIO / "index.m3u8").is_file()
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(prefix=f".{folder.name}{PART}", dir=folder.parent))
    try:
        names = [each.name for each in wanted] + ([AUDIO] if sound else [])
        for name in names:
            (part / name).mkdir()
        if names:
            command = arguments(str(source.resolve()), video, wanted, slides=slides, sound=sound)
            run_ffmpeg(
                command,
                makes=[f"{name}/index.m3u8" for name in names],
                cwd=part,
                duration_ms=video.duration_ms,
                timeout_s=timeout_s,
                on_progress=on_progress,
                niceness=niceness,
            )
        publish(part, folder, names)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if words is not None:
        write_captions(folder, words, video.duration_ms)
    write_master(folder, language=language)
    return Package(folder, video.duration_ms, present(folder), video.has_audio)


def publish(part: Path, folder: Path, names: Sequence[str]) -> None:
    """Move finished renditions into `folder`; one that was there before makes room first."""
    folder.mkdir(exist_ok=True)
    for name in names:
        if (folder / name).exists():
            (folder / name).rename(part / f"old-{name}")
        (part / name).rename(folder / name)


def package_first(source: Path, folder: Path, *, captions: str | None = None, slides: bool = False) -> Package:
    """Make a video playable as soon as can be, at normal priority: its first renditions and its sound."""
    return package(source, folder, renditions=FIRST, captions=captions, slides=slides, niceness=0)


def sweep(videos: Path) -> int:
    """Remove what interrupted packaging left behind in `videos`; how many folders it was. Call when nothing runs."""
    left = [path for path in videos.glob(f".*{PART}*") if path.is_dir()] if videos.is_dir() else []
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)
