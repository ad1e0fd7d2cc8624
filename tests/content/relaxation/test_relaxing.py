"""Relaxations with a voice: made once by the scheduler, played and kept by patients of the programme they belong to."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backtolife.config import Settings
from backtolife.content.demo_videos.narration import Voice
from backtolife.content.relaxation import making
from backtolife.content.relaxation.track import make_track, track_path
from backtolife.errors import Conflict
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import RelaxationScript, Spoken
from tests.support.sessions.door import Door, before_the_door

SCRIPT = shipped().relaxation["relax-breathing"]
SHORT = replace(SCRIPT, spoken=(Spoken("Let your shoulders drop.", 2), Spoken("You are safe.", 1)))
SOUND = f"/relax/{SCRIPT.id}/sound"


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    door = before_the_door(app, client)
    door.sign_in(door.linda)
    return door


@pytest.fixture
def spoken(door: Door) -> bytes:
    """The sound of the first script, made of fewer words."""
    settings: Settings = door.app.extensions["backtolife.settings"]
    path = track_path(settings.videos_dir, SCRIPT)
    make_track(SHORT, path)
    return path.read_bytes()


def fetched(door: Door, address: str, **headers: str) -> TestResponse:
    """The answer with all of it read and its file closed, as a server leaves it."""
    answer = door.client.get(address, headers=headers)
    assert answer.data is not None
    answer.close()
    return answer


@pytest.mark.parametrize("voice", ["program", "library"])
def test_a_script_is_spoken_with_its_pauses(tmp_path: Path, voice: Voice) -> None:
    path = track_path(tmp_path, SHORT)
    make_track(SHORT, path, voice=voice)
    with av.open(str(path)) as sound:
        assert sound.duration is not None
        assert 4 < sound.duration / av.time_base < 12
        assert sound.streams.audio[0].codec_context.name == "aac"
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing is left of the making"


def test_other_words_and_other_pauses_are_another_track(tmp_path: Path) -> None:
    longer = replace(SHORT, spoken=(Spoken("Let your shoulders drop.", 3), *SHORT.spoken[1:]))
    other = replace(SHORT, spoken=(Spoken("Let them drop.", 2), *SHORT.spoken[1:]))
    assert len({track_path(tmp_path, each) for each in (SHORT, longer, other)}) == 3
    assert track_path(tmp_path, replace(SHORT, title="Another title")) == track_path(tmp_path, SHORT)


def test_the_scheduler_makes_each_once_and_goes_on_after_one_that_failed(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(script: RelaxationScript, path: Path) -> None:
        made.append(script.id)
        if made.count(script.id) == 1 and len(made) == 2:
            raise Conflict("ffmpeg is missing")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sound")

    monkeypatch.setattr(making, "make_track", make)
    turns: list[bool] = []
    turn: Callable[[], bool] = lambda: making.make_next(door.app.extensions["backtolife.engine"], tmp_path)  # noqa: E731
    for _ in range(len(shipped().relaxation) + 2):
        turns.append(turn())
    assert turns == [True, False, *[True] * (len(shipped().relaxation) - 1), False]
    assert len(set(made)) == len(shipped().relaxation)


def test_without_a_voice_nothing_is_made_and_the_words_are_there_to_read(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backtolife.content.relaxation.track.find_voice", lambda: "tone")
    assert making.make_next(door.app.extensions["backtolife.engine"], tmp_path) is False
    page = door.client.get("/relax").text
    assert "The voice is not ready yet" in page and "<audio" not in page
    assert SCRIPT.take_care in page and SCRIPT.spoken[0].text in page
    assert door.client.get(SOUND).status_code == 404


def test_a_patient_plays_downloads_and_reads_it(door: Door, spoken: bytes) -> None:
    page = door.client.get("/relax").text
    assert f'src="{SOUND}"' in page and "Keep on this device (0.1 MB)" in page and SCRIPT.spoken[0].text in page
    whole = fetched(door, SOUND)
    assert (whole.data, whole.mimetype) == (spoken, "audio/mp4")
    assert whole.cache_control.private and not whole.cache_control.public
    part = fetched(door, SOUND, Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, spoken[10:20])
    assert fetched(door, SOUND, **{"If-None-Match": whole.headers["ETag"]}).status_code == 304
    saved = fetched(door, f"{SOUND}?save=1")
    assert "attachment" in saved.headers["Content-Disposition"] and "Slow belly breathing" in str(saved.headers)
    assert door.client.get("/relax/no-such/sound").status_code == 404
    assert "/relax" in door.client.get("/week").text


def test_staff_get_none(door: Door, spoken: bytes) -> None:
    door.sign_in(door.group.lead)
    assert door.client.get(SOUND).status_code == 403
