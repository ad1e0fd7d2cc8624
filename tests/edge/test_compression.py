"""Static text goes out compressed to who can read it; pages, which hold tokens, never do."""

import gzip

from flask.testing import FlaskClient

from backtolife.config import ROOT

SHEET = "/static/css/room/frame.css"
PLAIN = (ROOT / SHEET.lstrip("/")).read_bytes()


def test_a_style_sheet_comes_compressed_and_is_the_same_sheet(client: FlaskClient) -> None:
    answer = client.get(SHEET, headers={"Accept-Encoding": "br, gzip"}, buffered=True)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.data) == PLAIN
    assert len(answer.data) < len(PLAIN) / 2


def test_who_cannot_read_it_gets_it_plain(client: FlaskClient) -> None:
    for header in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}):
        with client.get(SHEET, headers=header) as answer:
            assert "Content-Encoding" not in answer.headers
            assert answer.data == PLAIN


def test_a_browser_that_has_it_is_told_so(client: FlaskClient) -> None:
    first = client.get(SHEET, headers={"Accept-Encoding": "gzip"}, buffered=True)
    again = client.get(
        SHEET, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}, buffered=True
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_not_compressed(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
