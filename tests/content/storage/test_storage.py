"""A video goes into the bucket once it is ready, plays from there for whom it is, and comes back by a command."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import cli, clock
from backtolife.content import services
from backtolife.content.models import PackageState, VideoPackage
from backtolife.content.packaging import incoming, jobs
from backtolife.content.storage.bucket import Bucket, OutOfReach
from backtolife.content.storage.moving import settle_next
from backtolife.content.storage.storage import storage_of
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Role
from tests.content.storage.conftest import BUCKET, kept
from tests.support.content.house import House

CAPTIONS = b"WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nHello there\n"


@pytest.fixture
def ready(house: House, video: Path) -> VideoPackage:
    """A video that was uploaded and made, and is still on the disk."""
    received = incoming.receive(
        house.settings.videos_dir, save=lambda path: path.write_bytes(video.read_bytes()), captions=CAPTIONS
    )
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        services.upload(
            db, actor=staff, session_number=1, title="A film", source=received.source, transcript="", now=clock.now()
        )
    house.work(2)
    return row(house)


def row(house: House) -> VideoPackage:
    with Session(house.engine) as db:
        return db.exec(select(VideoPackage)).one()


def settle(house: House) -> None:
    while settle_next(house.engine, storage_of(house.settings)):
        pass


def on_disk(house: House) -> list[Path]:
    return [path for path in house.settings.videos_dir.rglob("*") if path.is_file()]


def got(client: FlaskClient, address: str) -> tuple[int, bytes]:
    with client.get(address) as answer:
        return answer.status_code, answer.data


def base(client: FlaskClient) -> str:
    page = client.get("/videos/session-1").text
    return "/videos/media/" + page.split('data-master="/videos/media/')[1].split("/master.m3u8", maxsplit=1)[0]


def test_a_video_that_is_ready_leaves_the_disk_and_plays_from_the_bucket(
    house: House, store: Any, ready: VideoPackage
) -> None:
    patient = house.client(house.patient)
    before = {name: got(patient, f"{base(patient)}/{name}")[1] for name in ("master.m3u8", "240p/00000.m4s")}
    settle(house)
    assert on_disk(house) == []
    assert f"ours/packages/{ready.id}/master.m3u8" in kept(store)
    assert f"ours/{ready.source}" in kept(store)
    assert "Hello there" in patient.get(f"{base(patient)}/captions.vtt").text
    for name, data in before.items():
        with patient.get(f"{base(patient)}/{name}") as answer:
            assert (answer.status_code, answer.data) == (200, data)
            assert "private" in answer.headers["Cache-Control"]
            mark = answer.headers["ETag"]
        assert patient.get(f"{base(patient)}/{name}", headers={"If-None-Match": mark}).status_code == 304
    with patient.get(f"{base(patient)}/240p/00000.m4s", headers={"Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data) == (206, before["240p/00000.m4s"][10:20])
        assert part.headers["Content-Range"].startswith("bytes 10-19/")
    with patient.get("/videos/session-1/download") as file:
        assert len(file.data) == next(each["bytes"] for each in ready.renditions if each["name"] == "download.mp4")
    for other in (house.stranger, house.facilitator):
        assert house.client(other).get(f"{base(patient)}/master.m3u8").status_code == 404
    assert patient.get(f"{base(patient)}/9999.m4s").status_code == 404
    assert patient.get(f"{base(patient)}/..%2f..%2fsources/x.mp4").status_code == 404


def test_a_video_in_the_bucket_comes_back_to_be_worked_on(house: House, store: Any, ready: VideoPackage) -> None:
    """A rung that was added later is made, and everything is handed over again."""
    settle(house)
    with session_scope(house.engine) as db:
        older = db.get_one(VideoPackage, ready.id)
        older.renditions = [each for each in older.renditions if each["name"] != "240p"]
    store.delete_object(Bucket=BUCKET, Key=f"ours/packages/{ready.id}/240p/index.m3u8")
    jobs.begin_afresh(house.engine, house.settings)
    assert house.work(2) == [True, False]
    assert row(house).state is PackageState.READY
    settle(house)
    assert on_disk(house) == []
    assert f"ours/packages/{ready.id}/240p/index.m3u8" in kept(store)


def test_the_command_moves_to_the_bucket_and_back_and_may_be_run_again(
    house: House, store: Any, ready: VideoPackage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del ready
    monkeypatch.setenv("DATA_DIR", str(house.settings.data_dir))
    monkeypatch.setenv("DATABASE_URL", house.settings.database_url)
    files = len(on_disk(house))
    assert cli.main(["videos", "move"]) == 0
    assert (on_disk(house), len(kept(store))) == ([], files)
    assert cli.main(["videos", "move"]) == 0
    assert "already" in capsys.readouterr().out
    monkeypatch.setenv("VIDEOS_IN", "disk")
    assert cli.main(["videos", "move"]) == 0
    assert (len(on_disk(house)), kept(store)) == (files, set())
    assert not settle_next(house.engine, storage_of(house.settings))
    monkeypatch.setenv("VIDEOS_BUCKET", "")
    assert cli.main(["videos", "move"]) == 2


def test_a_store_that_is_gone_costs_nothing_and_is_said_to_a_person(
    house: House, ready: VideoPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OutOfReach("the store does not answer")

    files = on_disk(house)
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "put", gone)
        assert not settle_next(house.engine, storage_of(house.settings))
    assert sorted(on_disk(house)) == sorted(files)
    patient = house.client(house.patient)
    assert got(patient, f"{base(patient)}/master.m3u8")[0] == 200
    address = base(patient)
    settle(house)
    monkeypatch.setattr(Bucket, "open", gone)
    answer = patient.get(f"{address}/master.m3u8")
    assert answer.status_code == 503
    assert "We cannot get to the videos just now." in answer.text
    assert ready.id not in answer.text


def test_what_changed_while_it_was_handed_over_stays_on_the_disk(
    house: House, ready: VideoPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody publishes captions at that moment."""
    words = house.settings.videos_dir / "packages" / ready.id / "captions.vtt"
    put = Bucket.put

    def meanwhile(bucket: Bucket, path: Path, key: str, content_type: str) -> None:
        put(bucket, path, key, content_type)
        if key.endswith("captions.vtt"):
            words.write_bytes(words.read_bytes().replace(b"Hello", b"Howdy"))

    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "put", meanwhile)
        storage_of(house.settings).hand_over(f"packages/{ready.id}/")
    assert b"Howdy" in words.read_bytes()
    patient = house.client(house.patient)
    assert b"Howdy there" in got(patient, f"{base(patient)}/captions.vtt")[1]


def test_a_bucket_that_lies_about_a_size_empties_no_disk(
    house: House, ready: VideoPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = on_disk(house)
    monkeypatch.setattr(Bucket, "put", lambda *_: None)
    with pytest.raises(OutOfReach):
        storage_of(house.settings).hand_over(f"packages/{ready.id}/")
    assert sorted(on_disk(house)) == sorted(files)


@pytest.mark.parametrize("name", ["../../etc/passwd", ".hidden/x", "a/../../b"])
def test_a_name_in_the_bucket_leads_nowhere_else(house: House, store: Any, name: str) -> None:
    store.put_object(Bucket=BUCKET, Key=f"ours/packages/x/{name}", Body=b"no")
    with pytest.raises(OutOfReach):
        storage_of(house.settings).bring("packages/x/")
    assert on_disk(house) == []
