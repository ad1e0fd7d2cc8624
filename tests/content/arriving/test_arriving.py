"""A video that comes piece by piece: every byte that came counts, whatever breaks."""

import base64
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from backtolife import clock
from backtolife.content.arriving import store
from backtolife.content.models import VideoPackage
from backtolife.people.limits.bodies import LARGEST_VIDEO
from tests.support.content.house import House, open_house

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
ROOM = shutil.disk_usage("/")._replace(free=100 * 10**9)


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture
def facilitator(house: House) -> FlaskClient:
    return house.client(house.facilitator)


def begin(client: FlaskClient, length: int, name: str = "pain.mp4") -> TestResponse:
    about = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": about}
    return client.post("/videos/manage/arriving", headers=headers)


def send(client: FlaskClient, where: str, at: int, data: bytes) -> TestResponse:
    return client.patch(where, headers={**PIECE, "Upload-Offset": str(at)}, data=data)


def offset(client: FlaskClient, where: str) -> int:
    return int(client.head(where, headers=TUS).headers["Upload-Offset"])


def test_a_video_in_pieces_becomes_a_package_like_any_other(
    house: House, facilitator: FlaskClient, video: Path
) -> None:
    data = video.read_bytes()
    made = begin(facilitator, len(data))
    assert (made.status_code, made.headers["Tus-Resumable"]) == (201, "1.0.0")
    where = made.headers["Location"]
    half = len(data) // 2
    assert send(facilitator, where, 0, data[:half]).headers["Upload-Offset"] == str(half)
    page = facilitator.get("/videos/manage").text
    assert "pain.mp4" in page
    assert "% is here" in page
    arrived = where.rpartition("/")[2]
    form = {"session": "1", "title": "Pain", "arrived": arrived}
    early = facilitator.post("/videos/manage", data=form)
    assert (early.status_code, "Some of this video has not come yet" in early.text) == (409, True)
    assert send(facilitator, where, half, data[half:]).status_code == 204
    assert "Fill in the rest" in facilitator.get(f"/videos/manage?arrived={arrived}").text
    assert facilitator.post("/videos/manage", data=form).status_code == 302
    with Session(house.engine) as db:
        source = db.exec(select(VideoPackage)).one().source
    assert (house.settings.videos_dir / source).read_bytes() == data
    assert store.of_service(house.settings.videos_dir, house.service_id) == []


def test_what_is_missing_in_the_form_costs_nothing_that_came(
    house: House, facilitator: FlaskClient, video: Path
) -> None:
    import io

    data = video.read_bytes()
    where = begin(facilitator, len(data)).headers["Location"]
    send(facilitator, where, 0, data)
    arrived = where.rpartition("/")[2]
    form = {"session": "1", "title": "", "arrived": arrived}
    assert facilitator.post("/videos/manage", data=form).status_code == 400
    bad = {"session": "1", "title": "Pain", "arrived": arrived, "captions": (io.BytesIO(b"Milk"), "a.vtt")}
    refused = facilitator.post("/videos/manage", data=bad)
    assert "This is not a captions file" in refused.text
    assert f'value="{arrived}"' in refused.text
    assert offset(facilitator, where) == len(data)
    assert facilitator.post("/videos/manage", data={**form, "title": "Pain"}).status_code == 302


def test_what_came_whole_and_is_no_video_is_refused_in_words_and_goes(house: House, facilitator: FlaskClient) -> None:
    playlist = b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/canary.ts\n"
    where = begin(facilitator, len(playlist)).headers["Location"]
    send(facilitator, where, 0, playlist)
    form = {"session": "1", "title": "Pain", "arrived": where.rpartition("/")[2]}
    assert "not a video we can read" in facilitator.post("/videos/manage", data=form).text
    assert store.of_service(house.settings.videos_dir, house.service_id) == []


def test_the_protocol_is_kept(facilitator: FlaskClient) -> None:
    said = facilitator.options("/videos/manage/arriving").headers
    assert (said["Tus-Version"], said["Tus-Max-Size"]) == ("1.0.0", str(LARGEST_VIDEO))
    assert set(said["Tus-Extension"].split(",")) == {"creation", "termination", "expiration"}
    assert facilitator.post("/videos/manage/arriving", headers={"Upload-Length": "5"}).status_code == 412
    assert facilitator.post("/videos/manage/arriving", headers={**TUS, "Upload-Length": "-5"}).status_code == 400
    where = begin(facilitator, 5).headers["Location"]
    assert send(facilitator, where, 3, b"de").status_code == 409
    assert send(facilitator, where, 0, b"abcdef").status_code == 413
    wrong = facilitator.patch(where, headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}, data=b"a")
    assert wrong.status_code == 415
    assert offset(facilitator, where) == 0
    looked = facilitator.head(where, headers=TUS).headers
    assert (looked["Upload-Length"], looked["Cache-Control"]) == ("5", "no-store")
    assert looked["Upload-Expires"].endswith("GMT")
    assert facilitator.delete(where, headers=TUS).status_code == 204
    assert facilitator.head(where, headers=TUS).status_code == 404


def test_a_file_that_is_empty_or_too_large_or_one_too_many_is_refused_in_words(facilitator: FlaskClient) -> None:
    assert begin(facilitator, 0).get_json()["error"] == "This file is empty. Choose the video again."
    large = begin(facilitator, 4 * 2**30)
    assert (large.status_code, large.get_json()["error"][:33]) == (400, "This file is too large: 4.0 GB. T")
    for _ in range(store.MOST_AT_ONCE):
        assert begin(facilitator, 5).status_code == 201
    assert "Finish or remove one" in begin(facilitator, 5).get_json()["error"]
    page = facilitator.get("/videos/manage").text
    remove = page.split('action="/videos/manage/arriving/')[1].split('"')[0]
    assert facilitator.post(f"/videos/manage/arriving/{remove}").status_code == 302
    assert begin(facilitator, 5).status_code == 201


def test_a_disk_without_room_is_said_before_and_while_the_file_comes(
    facilitator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begin(facilitator, 5).headers["Location"]
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: ROOM._replace(free=store.SPARE_BYTES + 10))
        refused = begin(facilitator, 1_000_000)
    assert (refused.status_code, "There is no room" in refused.get_json()["error"]) == (507, True)

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(store.fcntl, "flock", no_space)  # type: ignore[attr-defined]
        broken = send(facilitator, where, 0, b"abcde")
    assert (broken.status_code, broken.get_json()["error"][:25]) == (507, "The disk on our side is f")
    assert send(facilitator, where, 0, b"abcde").status_code == 204


def test_nobody_else_sees_or_touches_what_comes(house: House, facilitator: FlaskClient) -> None:
    where = begin(facilitator, 5).headers["Location"]
    for other in (house.client(house.stranger), house.client(house.patient), house.client(house.service_lead)):
        assert begin(other, 5).status_code == 403
        assert other.head(where, headers=TUS).status_code == 403
        assert send(other, where, 0, b"abcde").status_code == 403
        assert other.delete(where, headers=TUS).status_code == 403
    with pytest.raises(store.NotFound):
        store.find(house.settings.videos_dir, service_id="another", arrival_id=where.rpartition("/")[2])
    for odd in ("../sources", "..", "0" * 32):
        with pytest.raises(store.NotFound):
            store.find(house.settings.videos_dir, service_id=house.service_id, arrival_id=odd)
    assert offset(facilitator, where) == 0


def test_what_stopped_arriving_is_swept_after_a_week(house: House, facilitator: FlaskClient) -> None:
    begin(facilitator, 5)
    videos, now = house.settings.videos_dir, clock.now()
    (videos / store.ARRIVING / "left-by-a-crash").mkdir()
    assert store.sweep(videos, now + store.LIFE - timedelta(hours=1)) == 0
    assert store.sweep(videos, now + store.LIFE + timedelta(hours=1)) == 2
    assert store.of_service(videos, house.service_id) == []


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_line_that_breaks_ten_times_sends_each_byte_once(
    house: House, facilitator: FlaskClient, site: str, tmp_path: Path
) -> None:
    """Over real connections, each cut in the middle of its piece."""
    data = bytes(range(256)) * 4096
    where = begin(facilitator, len(data)).headers["Location"]
    cookie, sent = house.cookie(house.facilitator), 0
    for _ in range(10):
        at = offset(facilitator, where)
        head = (
            f"PATCH {where} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: backtolife={cookie}\r\nTus-Resumable: 1.0.0\r\n"
            f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: {at}\r\n"
            f"Content-Length: {len(data) - at}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", urlsplit(site).port or 0)) as line:
            part = data[at : at + 100_000]
            line.sendall(head.encode() + part)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass
        sent += len(part)
    at = offset(facilitator, where)
    assert send(facilitator, where, at, data[at:]).status_code == 204
    sent += len(data) - at
    (arrived,) = store.of_service(house.settings.videos_dir, house.service_id)
    assert arrived.path.read_bytes() == data
    assert sent <= len(data) * 1.05
