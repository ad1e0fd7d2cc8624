"""A file that the browser has already is not sent again, and is not left open either."""

from pathlib import Path

from flask import Flask

from backtolife.content.storage.storage import Storage
from backtolife.content.watching.for_groups import package_file


def test_nothing_is_left_open_when_the_browser_has_the_file(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "packages" / "film"
    folder.mkdir(parents=True)
    (folder / "00000.m4s").write_bytes(b"a picture")
    with app.test_request_context():
        first = package_file(Storage(tmp_path), "film", "00000.m4s")
        mark = first.headers["ETag"]
        first.close()
    with app.test_request_context(headers={"If-None-Match": mark}):
        again = package_file(Storage(tmp_path), "film", "00000.m4s")
        assert again.status_code == 304
        assert again.response.file.closed  # type: ignore[union-attr]
