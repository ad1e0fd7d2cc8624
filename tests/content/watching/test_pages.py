"""What patients and staff see and send; every address refuses whoever it is not for."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.content.models import PackageState, VideoNote, VideoPackage, Watching
from backtolife.content.watching import media_link
from backtolife.content.watching.media_link import MediaLink
from backtolife.database.session import session_scope
from backtolife.people.models import Service
from tests.content.conftest import make_video
from tests.content.watching.conftest import send
from tests.support.assets import missing_files
from tests.support.content.house import House
from tests.support.factories import Factory

JSON = {"Accept": "application/json"}


def token_in(page: str) -> str:
    return page.split('data-master="/videos/media/')[1].split("/master.m3u8", maxsplit=1)[0]


def test_an_uploaded_video_can_be_watched(patient: FlaskClient, playing: VideoPackage) -> None:
    assert playing.state is PackageState.PLAYABLE
    page = patient.get("/videos/session-1").text
    assert '<h1 class="btl-h1">A film</h1>' in page
    assert "Watch before session 1." in page
    assert "Hello there" in page
    assert "What did you hear that fits with your own pain?" in page
    assert "Priya. Not the group." in page
    library = patient.get("/videos").text
    assert 'href="/videos/session-1"' in library
    assert library.count("Ready soon") == 8


def test_media_has_the_right_types_and_answers_ranges(patient: FlaskClient, playing: VideoPackage) -> None:
    del playing
    base = f"/videos/media/{token_in(patient.get('/videos/session-1').text)}"
    types = {
        "master.m3u8": "application/vnd.apple.mpegurl",
        "360p/index.m3u8": "application/vnd.apple.mpegurl",
        "360p/init.mp4": "video/mp4",
        "360p/00000.m4s": "video/iso.segment",
        "captions.vtt": "text/vtt; charset=utf-8",
    }
    for name, kind in types.items():
        with patient.get(f"{base}/{name}") as answer:
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
            assert "private" in answer.headers["Cache-Control"]
    with patient.get(f"{base}/360p/00000.m4s", headers={"Range": "bytes=10-19"}) as part:
        assert part.status_code == 206
        assert len(part.data) == 10
        assert part.headers["Content-Range"].startswith("bytes 10-19/")


def test_media_is_only_for_whom_it_was_signed(house: House, patient: FlaskClient, playing: VideoPackage) -> None:
    token = token_in(patient.get("/videos/session-1").text)
    address = f"/videos/media/{token}/master.m3u8"
    for other in (house.stranger, house.facilitator, house.service_lead):
        assert house.client(other).get(address).status_code == 404
    assert house.app.test_client().get(address, headers=JSON).status_code == 403
    assert patient.get(f"/videos/media/{token[:-2]}xx/master.m3u8").status_code == 404
    link = MediaLink(house.service_id, house.patient.id, playing.id)
    keys = house.settings.secret_keys
    old = media_link.sign(link, keys=keys, now=clock.now() - media_link.LIFE)
    late = patient.get(f"/videos/media/{old}/master.m3u8")
    assert late.status_code == 404
    assert "we kept your place" in late.text


def test_media_never_leaves_its_folder(patient: FlaskClient, playing: VideoPackage) -> None:
    del playing
    token = token_in(patient.get("/videos/session-1").text)
    for name in (
        "../../sources/x/video",
        "..%2f..%2f..%2ftest.db",
        "..%2f..%2f..%2ftest.vtt",
        "/etc/passwd",
        "360p/%2e%2e/%2e%2e/x.vtt",
        ".part/x.m4s",
        "x",
    ):
        assert patient.get(f"/videos/media/{token}/{name}", follow_redirects=True).status_code == 404
    assert patient.get(f"/videos/media/{token}/%00.vtt").status_code == 400


def test_watching_is_kept_and_the_page_begins_there(
    house: House, patient: FlaskClient, playing: VideoPackage, tmp_path: Path
) -> None:
    del playing
    long = make_video(tmp_path / "long.mp4", seconds=20, size="160x120", rate=5)
    assert send(house.client(house.facilitator), long.read_bytes(), title="Longer").status_code == 302
    house.work()
    for ranges in ([[0, 4000]], [[3000, 9000]]):
        sent = patient.post("/videos/session-1/watched", json={"ranges": ranges, "position": 9000})
        assert sent.status_code == 200
    assert sent.get_json() == {"share": pytest.approx(0.45, abs=0.01), "finished": False}
    page = patient.get("/videos/session-1").text
    assert 'data-begin="7000"' in page
    assert "Carry on with the video" in patient.get("/videos").text
    with Session(house.engine) as db:
        assert db.exec(select(Watching)).one().ranges == [[0, 9000]]


def test_a_report_that_makes_no_sense_is_refused_in_words(
    house: House, patient: FlaskClient, playing: VideoPackage
) -> None:
    del playing
    for sent in (
        None,
        [],
        {"ranges": 1},
        {"ranges": [[1]]},
        {"ranges": [[1, "2"]]},
        {"ranges": [[5, 1]]},
        {"ranges": [[-5, 1]]},
        {"ranges": [[True, 5]]},
        {"ranges": [], "position": -1},
        {"ranges": [], "position": 2**40},
        {"ranges": [], "position": 0, "package": 7},
    ):
        answer = patient.post("/videos/session-1/watched", json=sent, headers=JSON)
        assert answer.status_code == 400
        assert answer.get_json()["error"]
    with Session(house.engine) as db:
        assert db.exec(select(Watching)).all() == []


def test_staff_watch_without_being_recorded(house: House, facilitator: FlaskClient, playing: VideoPackage) -> None:
    del playing
    page = facilitator.get("/videos/session-1").text
    assert "What you watch is not recorded." in page
    assert "data-record" not in page
    assert facilitator.post("/videos/session-1/watched", json={"ranges": []}, headers=JSON).status_code == 403
    assert "What patients watch before each session" in house.client(house.service_lead).get("/videos").text


def test_another_services_patient_finds_nothing(house: House, playing: VideoPackage) -> None:
    del playing
    stranger = house.client(house.stranger)
    assert stranger.get("/videos/session-1").status_code == 404
    assert stranger.post("/videos/session-1/watched", json={"ranges": []}).status_code == 404
    assert "A film" not in stranger.get("/videos").text


def test_notes_are_kept_and_shown_again(house: House, patient: FlaskClient, playing: VideoPackage) -> None:
    del playing
    words = "Kneeling <b>to plant</b> my bulbs."
    sent = patient.post("/videos/session-1/notes", data={"words": words, "with_team": "yes"}, headers=JSON)
    assert sent.get_json()["saved"].startswith("Saved at ")
    assert "Kneeling &lt;b&gt;to plant&lt;/b&gt; my bulbs." in patient.get("/videos/session-1").text
    assert "<strong><bdi>Asha</bdi>:</strong> Kneeling" in house.client(house.facilitator).get("/videos/session-1").text
    by_button = patient.post("/videos/session-1/notes", data={"words": "Mine", "with_team": "no"})
    assert by_button.location == "/videos/session-1"
    assert "Mine" not in house.client(house.facilitator).get("/videos/session-1").text
    long = patient.post("/videos/session-1/notes", data={"words": "x" * 4001, "with_team": "no"}, headers=JSON)
    assert (long.status_code, long.get_json()["error"][:21]) == (400, "Please use at most 40")
    with Session(house.engine) as db:
        assert db.exec(select(VideoNote)).one().words == "Mine"


def test_a_text_file_called_mp4_is_refused_in_words(house: House, facilitator: FlaskClient) -> None:
    answer = send(facilitator, b"This is a shopping list. " * 50, title="Milk and eggs")
    assert answer.status_code == 400
    assert "This file is not a video we can read (MP4, MOV or WebM). Save it as an MP4 and try again." in answer.text
    assert 'value="Milk and eggs"' in answer.text
    assert list((house.settings.videos_dir / "sources").iterdir()) == []
    with Session(house.engine) as db:
        assert db.exec(select(VideoPackage)).all() == []


def test_a_playlist_called_mp4_opens_nothing(house: House, facilitator: FlaskClient) -> None:
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/canary.ts\n#EXT-X-ENDLIST\n"
    assert "not a video we can read" in send(facilitator, playlist).text
    assert not house.work()[0]


def test_captions_that_are_none_are_refused_beside_their_field(facilitator: FlaskClient, video: Path) -> None:
    answer = send(facilitator, video.read_bytes(), captions=b"Milk, eggs and bread\n")
    assert answer.status_code == 400
    assert "This is not a captions file. Its first line must be WEBVTT." in answer.text
    assert 'href="#captions"' in answer.text


def test_an_empty_form_says_what_is_missing(facilitator: FlaskClient) -> None:
    answer = facilitator.post("/videos/manage", data={"session": "1", "title": ""})
    assert answer.status_code == 400
    assert "Give the video a title" in answer.text
    assert "Choose a video from your computer" in answer.text


def test_staff_see_how_far_each_video_is(house: House, facilitator: FlaskClient, playing: VideoPackage) -> None:
    del playing
    house.adopt()
    states = facilitator.get("/videos/manage/progress").get_json()
    assert [state["words"] for state in states] == ["Can be watched. Better pictures follow", *["In the queue"] * 8]
    assert [state["busy"] for state in states] == [True] * 9
    page = facilitator.get("/videos/manage").text
    assert page.count("<progress") - page.count('id="sending-bar"') == 9


def test_a_failed_video_is_tried_again_by_a_button(house: House, facilitator: FlaskClient, video: Path) -> None:
    send(facilitator, video.read_bytes())
    with Session(house.engine) as db:
        package = db.exec(select(VideoPackage)).one()
        source = house.settings.videos_dir / package.source
    whole = source.read_bytes()
    source.write_bytes(b"broken")
    house.work()
    assert "Did not work" in facilitator.get("/videos/manage").text
    source.write_bytes(whole)
    assert facilitator.post(f"/videos/manage/{package.id}/again").status_code == 302
    house.work()
    assert "Can be watched" in facilitator.get("/videos/manage").text


def test_who_may_not_look_after_videos_is_sent_away(house: House, patient: FlaskClient) -> None:
    for client in (patient, house.client(house.service_lead)):
        assert client.get("/videos/manage").status_code == 403
        assert client.get("/videos/manage/progress").status_code == 403
        assert send(client, b"x").status_code == 403
    assert not (house.settings.videos_dir / "sources").exists()


def test_a_patient_without_a_place_reads_what_to_do(house: House) -> None:
    with session_scope(house.engine) as db:
        lonely = Factory(db, clock.now()).person(db.get_one(Service, house.service_id), name="Lee")
    client = house.client(lonely)
    assert "You have no place in a group yet" in client.get("/videos").text
    assert client.get("/videos/session-1").status_code == 404


def test_a_video_that_is_not_ready_says_so(house: House, patient: FlaskClient) -> None:
    house.adopt()
    assert "This video is not ready yet." in patient.get("/videos/v02-pacing").text
    answer = patient.post("/videos/v02-pacing/watched", json={"ranges": [[0, 1]], "position": 1}, headers=JSON)
    assert answer.status_code == 409


def test_the_players_page_names_only_sheets_and_scripts_that_are_there(
    patient: FlaskClient, playing: VideoPackage
) -> None:
    page = patient.get("/videos/session-1").text
    assert playing.id
    assert "js/player/player.js" in page
    assert missing_files(page) == []
