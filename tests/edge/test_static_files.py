"""A static file's address names its content: it is kept for good, and another address is given when it has changed."""

import os
import re
from functools import lru_cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backtolife.config import ROOT
from backtolife.joined import sheets
from backtolife.web import static_files
from backtolife.web.compression import Shrunk
from backtolife.web.static_files import marked, unmarked

SHEET = "css/tokens.css"
ADDRESS = re.compile(r'(?:href|src)="/static/([^"]+)"')


@pytest.fixture
def changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of static files that a test may change."""
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    for name in ("js/page/page.js", "js/shared/dom.js", "css/tokens.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */")
    return tmp_path


def test_a_page_names_only_addresses_that_are_kept_for_good(client: FlaskClient) -> None:
    addresses = ADDRESS.findall(client.get("/sign-in").text)
    assert len(addresses) >= len(sheets("site")) + 3
    for address in addresses:
        answer = client.get(f"/static/{address}", buffered=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert answer.data == (static_files.STATIC / unmarked(address)).read_bytes()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_without_a_mark_is_asked_for_again_each_time(client: FlaskClient) -> None:
    answer = client.get(f"/static/{SHEET}", buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_a_page_from_before_a_release_gets_the_file_of_today_and_does_not_keep_it(client: FlaskClient) -> None:
    answer = client.get(f"/static/{'0' * 12}/{SHEET}", buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert answer.data == (static_files.STATIC / SHEET).read_bytes()


@pytest.mark.parametrize("address", ["000000000000", "000000000000/", "000000000000/../app.py", "css/none.css"])
def test_what_is_not_there_is_not_found_and_not_kept(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/static/{address}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_a_sheet_that_changed_has_another_address_and_the_others_keep_theirs(changing: Path) -> None:
    before, script = marked(SHEET), marked("js/page/page.js")
    (changing / SHEET).write_text("/* longer than it was before */")
    assert marked(SHEET) != before
    assert marked("js/page/page.js") == script


def test_a_script_that_changed_gives_every_script_another_address_for_they_import_one_another(changing: Path) -> None:
    before = marked("js/page/page.js")
    (changing / "js/shared/dom.js").write_text("/* longer than it was before */")
    after = marked("js/page/page.js")
    assert after != before
    assert after.partition("/")[0] == marked("js/shared/dom.js").partition("/")[0]


def test_the_same_content_has_the_same_address_on_every_machine(changing: Path) -> None:
    before = marked(SHEET)
    os.utime(changing / SHEET, (1, 1))
    assert marked(SHEET) == before


def test_in_an_installed_wheel_the_marks_are_those_of_its_checkout_and_made_once(
    changing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [marked(name) for name in (SHEET, "js/page/page.js")]
    monkeypatch.setattr(static_files, "PACKED", True)
    monkeypatch.setattr(static_files, "_mark_once", lru_cache(static_files._mark_once.__wrapped__))
    assert [marked(name) for name in (SHEET, "js/page/page.js")] == before
    (changing / SHEET).write_text("/* nobody changes a file of a wheel */")
    assert marked(SHEET) == before[0]


def test_a_file_that_is_not_there_has_no_mark(changing: Path) -> None:
    assert marked("css/none.css") == "css/none.css"


def test_the_offline_page_is_kept_with_the_addresses_that_it_names(client: FlaskClient) -> None:
    worker = client.get("/offline-worker.js")
    needed = set(re.findall(r'"/static/([^"]+)"', worker.text))
    assert {*map(marked, sheets("site")), marked("js/page/page.js")} <= needed
    linked = [address for address in ADDRESS.findall(client.get("/offline").text) if address.endswith(".css")]
    assert set(linked) <= needed
    assert worker.headers["Cache-Control"] == "no-cache"
    assert client.get("/offline-worker.js", headers={"If-None-Match": worker.headers["ETag"]}).status_code == 304


def test_asking_under_many_marks_keeps_one_compressed_copy(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = []
    keep = Shrunk.of

    def count(self: Shrunk, path: str, etag: str, content: bytes) -> bytes:
        copies.append(path)
        return keep(self, path, etag, content)

    monkeypatch.setattr(Shrunk, "of", count)
    for number in range(3):
        client.get(f"/static/{number:012x}/{SHEET}", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert copies == [SHEET] * 3


def test_every_picture_that_a_sheet_asks_for_is_there() -> None:
    sheets = sorted((ROOT / "static").rglob("*.css"))
    asked = {(sheet, url) for sheet in sheets for url in re.findall(r"url\(['\"]?([^)'\"]+)", sheet.read_text("utf-8"))}
    files = {(sheet, url) for sheet, url in asked if not url.startswith(("data:", "#"))}
    assert files, "the sheets of the design system ask for some"
    assert [(sheet.name, url) for sheet, url in sorted(files) if not (sheet.parent / url).is_file()] == []
