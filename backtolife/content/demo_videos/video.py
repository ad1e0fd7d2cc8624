"""A demo video from a script: slides, narration, captions timed by the real voice, chapters and a transcript."""

import json
import wave
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from backtolife.content.captions.tracks import Chapter, Cue, sentences, transcript, write_vtt
from backtolife.content.demo_videos.narration import Speech, Voice, narrate, silence
from backtolife.content.demo_videos.slides import list_slide, save, talk_slide, title_slide
from backtolife.content.encoding.ffmpeg import Progress, run_ffmpeg
from backtolife.content.encoding.renditions import SEGMENT_SECONDS, STILL_FPS
from backtolife.errors import Invalid
from backtolife.programme.plan.material import VideoScript

if TYPE_CHECKING:
    from PIL.Image import Image

TITLE_MS = 2_400
BETWEEN_SENTENCES_MS = 320
BETWEEN_SLIDES_MS = 500
BETWEEN_CHAPTERS_MS = 900
SENTENCES_A_SLIDE = 2
LAST_HEADING = "Worth remembering"
TIMEOUT_S = 600.0


@dataclass(frozen=True)
class Scene:
    """One slide and what is said while it is shown. `chapter` is the heading of the chapter that begins here."""

    draw: Callable[[], "Image"]
    said: tuple[str, ...]
    chapter: str


@dataclass(frozen=True)
class Timed:
    """A script laid out in time: how long each scene is shown, when each sentence is spoken, the sound itself."""

    scene_ms: tuple[int, ...]
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    rate: int
    sound: bytes

    @property
    def duration_ms(self) -> int:
        return sum(self.scene_ms)


def make_demo_video(script: VideoScript, out_dir: Path, *, on_progress: Progress, voice: Voice | None = None) -> Path:
    """Make `out_dir/video.mp4` from `script`, with captions.vtt, transcript.md and chapters.json beside it.

    Returns the video's path; it is there only when everything is. `on_progress` hears 0 to 1. Raises Conflict when
    ffmpeg is missing or too slow.
    """
    scenes = storyboard(script)
    out_dir.mkdir(parents=True, exist_ok=True)
    spoken = narrate([sentence for scene in scenes for sentence in scene.said], voice)
    on_progress(0.15)
    timed = lay_out(scenes, spoken)
    with TemporaryDirectory(dir=out_dir, prefix=".making-") as name:
        work = Path(name)
        draw_all(scenes, timed, work)
        on_progress(0.3)
        write_sound(timed, work / "sound.wav")
        encode(timed, work, lambda done: on_progress(0.3 + 0.69 * done))
        (work / "captions.vtt").write_text(write_vtt(timed.cues), encoding="utf-8")
        (work / "transcript.md").write_text(transcript(timed.chapters, timed.cues), encoding="utf-8")
        chapters = json.dumps([asdict(chapter) for chapter in timed.chapters], indent=1)
        (work / "chapters.json").write_text(chapters + "\n", encoding="utf-8")
        for made in ("captions.vtt", "transcript.md", "chapters.json", "video.mp4"):
            (work / made).replace(out_dir / made)
    on_progress(1.0)
    return out_dir / "video.mp4"


def storyboard(script: VideoScript) -> list[Scene]:
    """The scenes of a script: a title, a few slides for each chapter, and what is worth remembering."""
    parts = len(script.chapters) + 1
    scenes = [Scene(lambda: title_slide(script.title, script.session), (), "")]
    ends = [chapter.paragraph for chapter in script.chapters[1:]] + [len(script.paragraphs) + 1]
    for part, (chapter, end) in enumerate(zip(script.chapters, ends, strict=True), start=1):
        said = [each for text in script.paragraphs[chapter.paragraph - 1 : end - 1] for each in sentences(text)]
        strong = chapter.heading.lower() == "try this"
        for at in range(0, len(said), SENTENCES_A_SLIDE):
            pair = tuple(said[at : at + SENTENCES_A_SLIDE])
            scenes.append(talk(chapter.heading, pair, part, parts, strong=strong, first=at == 0))
    points = script.key_messages
    scenes.append(Scene(lambda: list_slide(LAST_HEADING, points, part=parts, parts=parts), points, LAST_HEADING))
    return scenes


def talk(heading: str, said: tuple[str, ...], part: int, parts: int, *, strong: bool, first: bool) -> Scene:
    shown = key_words(said)
    return Scene(
        lambda: talk_slide(heading, shown, part=part, parts=parts, strong=strong), said, heading if first else ""
    )


def key_words(said: Sequence[str]) -> str:
    """The one sentence to show while all of `said` is spoken: short, but more than a few words if there is one."""
    telling = [each for each in said if len(each.split()) >= 5] or list(said)
    return min(telling, key=len)


def lay_out(scenes: Sequence[Scene], spoken: Sequence[Speech]) -> Timed:
    """Put the sentences one after the other, with a breath between them and a longer one between chapters.

    Raises Invalid when there is nothing to say.
    """
    if not spoken:
        raise Invalid("This script has no words to speak.")
    rate, voices = spoken[0].rate, iter(spoken)
    sound, scene_ms, cues, chapters = bytearray(silence(rate, TITLE_MS)), [TITLE_MS], list[Cue](), list[Chapter]()
    for at, scene in enumerate(scenes[1:], start=1):
        start = clock(sound, rate)
        if scene.chapter:
            chapters.append(Chapter(0 if not chapters else start, scene.chapter))
        for number, sentence in enumerate(scene.said):
            sound += silence(rate, BETWEEN_SENTENCES_MS) if number else b""
            begin = clock(sound, rate)
            sound += next(voices).samples
            cues.append(Cue(begin, clock(sound, rate), sentence))
        last = at + 1 == len(scenes) or scenes[at + 1].chapter
        sound += silence(rate, BETWEEN_CHAPTERS_MS if last else BETWEEN_SLIDES_MS)
        scene_ms.append(clock(sound, rate) - start)
    return Timed(tuple(scene_ms), tuple(cues), tuple(chapters), rate, bytes(sound))


def clock(sound: bytearray, rate: int) -> int:
    return len(sound) // 2 * 1000 // rate


def draw_all(scenes: Sequence[Scene], timed: Timed, work: Path) -> None:
    """Draw each slide once, and list them with their lengths for ffmpeg's concat reader."""
    lines = ["ffconcat version 1.0"]
    for number, (scene, length) in enumerate(zip(scenes, timed.scene_ms, strict=True)):
        path = save(scene.draw(), work / f"{number:03d}.png")
        lines += [f"file {path.name}", f"duration {length / 1000:.3f}"]
    lines.append(f"file {len(scenes) - 1:03d}.png")
    (work / "slides.ffconcat").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_sound(timed: Timed, path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, timed.rate, 0, "NONE", ""))
        out.writeframes(timed.sound)


def encode(timed: Timed, work: Path, on_progress: Progress) -> None:
    """One MP4 of the slides and the sound, fast: the pictures do not move."""
    command = [
        *("-f", "concat", "-i", "slides.ffconcat", "-i", "sound.wav", "-map", "0:v", "-map", "1:a"),
        *("-vf", f"fps={STILL_FPS},format=yuv420p", "-t", f"{timed.duration_ms / 1000:.3f}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-crf", "18"),
        *("-g", str(SEGMENT_SECONDS * STILL_FPS), "-c:a", "aac", "-b:a", "64k", "-ac", "1", "-ar", "48000"),
        *("-movflags", "+faststart", "video.mp4"),
    ]
    run_ffmpeg(
        command,
        makes=["video.mp4"],
        cwd=work,
        duration_ms=timed.duration_ms,
        timeout_s=TIMEOUT_S,
        on_progress=on_progress,
        niceness=0,
    )
