"""A video is taken along as one file, by whoever may watch it."""

from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.content.models import VideoPackage
from tests.support.content.house import House


def test_a_video_is_downloaded_whole_with_its_size_said_before(
    house: House, patient: FlaskClient, facilitator: FlaskClient, playing: VideoPackage
) -> None:
    del playing
    assert "Download the video" not in patient.get("/videos/session-1").text
    assert patient.get("/videos/session-1/download").status_code == 409
    house.work()
    with Session(house.engine) as db:
        package = db.exec(select(VideoPackage)).one()
    size = (house.settings.videos_dir / "packages" / package.id / "download.mp4").stat().st_size
    assert f"Download the video ({max(1, round(size / 1_000_000))} MB)" in patient.get("/videos/session-1").text
    for client in (patient, facilitator):
        with client.get("/videos/session-1/download") as answer:
            assert answer.headers["Content-Disposition"] == "attachment; filename=session-1.mp4"
            assert answer.headers["Content-Type"] == "video/mp4"
            assert len(answer.data) == size
    with patient.get("/videos/session-1/download", headers={"Range": "bytes=100-199"}) as part:
        assert (part.status_code, len(part.data)) == (206, 100)
    traces = select(AuditEntry).where(AuditEntry.action == "video_downloaded")
    with Session(house.engine) as db:
        assert [each.subject_id for each in db.exec(traces)] == [house.enrolment.id]
    assert house.client(house.stranger).get("/videos/session-1/download").status_code == 404
