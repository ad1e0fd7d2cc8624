"""A script becomes a video one can watch, hear, read and find one's way in."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from backtolife.content.captions.tracks import check_vtt
from backtolife.content.demo_videos.narration import Speech, Voice, narrate
from backtolife.content.demo_videos.slides import SIZE, talk_slide
from backtolife.content.demo_videos.video import lay_out, make_demo_video, storyboard
from backtolife.content.packaging.package import package_first
from backtolife.errors import Invalid
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import ScriptChapter, VideoScript

WHOLE = shipped().videos["v01-how-pain-works"]
SHORT = replace(
    WHOLE,
    paragraphs=("Hello, and welcome. Your pain is real.", "This week, notice it."),
    chapters=(ScriptChapter("Your pain is real", 1), ScriptChapter("Try this", 2)),
    key_messages=("Your pain is real.",),
)


def loudest(path: Path) -> int:
    with av.open(str(path)) as container:
        return max(int(np.abs(frame.to_ndarray()).max() * 32767) for frame in container.decode(audio=0))


@pytest.mark.parametrize("voice", ["program", "library", "tone"])
def test_a_short_script_becomes_a_video_with_every_voice(tmp_path: Path, voice: Voice) -> None:
    heard: list[float] = []
    path = make_demo_video(SHORT, tmp_path, on_progress=heard.append, voice=voice)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert loudest(path) > (300 if voice == "tone" else 3000)
    with av.open(str(path)) as container:
        picture = container.streams.video[0]
        assert (picture.width, picture.height) == SIZE
        assert container.duration is not None
        length_ms = container.duration / 1000
    chapters = json.loads((tmp_path / "chapters.json").read_text())
    assert [each["heading"] for each in chapters] == ["Your pain is real", "Try this", "Worth remembering"]
    assert 0 == chapters[0]["start_ms"] < chapters[1]["start_ms"] < chapters[2]["start_ms"] < length_ms
    assert "Hello, and welcome." in check_vtt((tmp_path / "captions.vtt").read_text())
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "captions.vtt",
        "chapters.json",
        "transcript.md",
        "video.mp4",
    ]


def test_the_video_can_be_packaged_with_its_sound_as_it_is(tmp_path: Path) -> None:
    path = make_demo_video(SHORT, tmp_path / "made", on_progress=lambda done: None)
    captions = (tmp_path / "made" / "captions.vtt").read_text()
    made = package_first(path, tmp_path / "lesson", captions=captions, slides=True)
    assert loudest(made.folder / "audio" / "index.m3u8") > 3000
    assert made.renditions == ("240p", "360p")


@pytest.mark.parametrize("script", shipped().videos.values(), ids=lambda script: script.id)
def test_everything_in_a_script_is_said_once_in_order(script: VideoScript) -> None:
    said = [sentence for scene in storyboard(script) for sentence in scene.said]
    assert " ".join(said) == " ".join([*script.paragraphs, *script.key_messages])
    headings = [scene.chapter for scene in storyboard(script) if scene.chapter]
    assert headings == [chapter.heading for chapter in script.chapters] + ["Worth remembering"]


def test_captions_and_slides_follow_the_real_lengths_of_the_sentences() -> None:
    scenes = storyboard(SHORT)
    spoken = [Speech(1000, b"\1\0" * length) for length in (1000, 2000, 1500, 700)]
    timed = lay_out(scenes, spoken)
    assert [cue.end_ms - cue.start_ms for cue in timed.cues] == [1000, 2000, 1500, 700]
    assert timed.cues[0].start_ms == timed.scene_ms[0]
    assert timed.duration_ms == len(timed.sound) // 2
    assert [chapter.start_ms for chapter in timed.chapters][1:] == [
        sum(timed.scene_ms[:2]),
        sum(timed.scene_ms[:3]),
    ]


def test_a_script_without_words_is_refused() -> None:
    with pytest.raises(Invalid, match="no words to speak"):
        lay_out([], [])


def test_the_longest_sentence_of_all_scripts_fits_on_a_slide() -> None:
    words = max((text for script in shipped().videos.values() for text in script.key_messages), key=len)
    image = talk_slide("When the alarm gets too sensitive", words, part=1, parts=7)
    assert image.size == SIZE
    assert image.getpixel((1270, 700)) == image.getpixel((20, 700)), "words run over the edge"


def test_two_sentences_have_the_same_rate_and_some_length() -> None:
    first, second = narrate(["Hello, and welcome.", "Your pain is real, and you are not alone."])
    assert first.rate == second.rate
    assert 0 < first.duration_ms < second.duration_ms
