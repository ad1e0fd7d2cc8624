"""A long upload counts as being there, and is not begun in vain."""

from io import BytesIO
from typing import Any

from sqlmodel import select

from backtolife.database.session import session_scope
from backtolife.people.models import SignedIn
from tests.support.people.desk import HERE, Desk

UPLOAD = """--b
Content-Disposition: form-data; name="session"

1
--b
Content-Disposition: form-data; name="title"

Why it hurts
--b
Content-Disposition: form-data; name="video"; filename="film.mp4"
Content-Type: video/mp4

no video
--b--
"""


def test_an_upload_that_took_forty_minutes_counts_as_being_there(desk: Desk) -> None:
    desk.sign_in(desk.ann)

    class Slow(BytesIO):
        taken = False

        def readinto(self, buffer: Any, /) -> int:
            if not self.taken:
                desk.later(minutes=40)
            self.taken = True
            return super().readinto(buffer)

    slow = Slow(body := UPLOAD.replace("\n", "\r\n").encode())
    answer = desk.browser.post(
        "/videos/manage",
        headers={**HERE, "Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(len(body))},
        input_stream=slow,
    )
    assert slow.taken
    assert answer.status_code == 400, "it was looked at, and found to be no video"
    assert desk.browser.get("/videos/manage", headers=HERE).status_code == 200


def test_whoever_is_signed_out_is_told_before_the_upload_and_not_after_it(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    desk.later(minutes=45)
    read: list[int] = []

    class Watched(BytesIO):
        def readinto(self, buffer: Any, /) -> int:
            read.append(1)
            return super().readinto(buffer)

    answer = desk.browser.post(
        "/videos/manage",
        headers={**HERE, "Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(2 * 1024**2)},
        input_stream=Watched(b"x" * 2 * 1024**2),
    )
    assert answer.status_code == 403
    assert not read, "nothing of the file was taken"


def test_a_sign_in_or_a_page_that_asks_first_says_whether_an_upload_would_be_taken(desk: Desk) -> None:
    assert desk.browser.post("/drafts/ready", json={}).status_code == 403
    desk.sign_in(desk.ann)
    assert desk.browser.post("/drafts/ready", json={}).status_code == 204
    with session_scope(desk.app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(SignedIn)).all()
