"""Addresses and bodies that were made to break their reader get an answer, not a fault."""

import base64

import pytest
from flask.testing import FlaskClient

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "wanted", ["/a\nb", "/a\r\nSet-Cookie: x=1", "/\t/elsewhere.example", "/a\\b", "/\x7f", "/\u2028x"]
)
def test_a_line_end_in_where_to_go_next_is_left_out(client: FlaskClient, wanted: str) -> None:
    assert client.get("/sign-in", query_string={"next": wanted}).status_code == 200
    with client.session_transaction() as session:
        assert session["next"] == ""


@pytest.mark.parametrize("wanted", ["/sessions/1?x=1&y=zoë", "/groups"])
def test_a_page_of_ours_is_gone_back_to(client: FlaskClient, wanted: str) -> None:
    client.get("/sign-in", query_string={"next": wanted})
    with client.session_transaction() as session:
        assert session["next"] == wanted


@pytest.mark.parametrize(
    "path", ["/webhooks/media", "/sign-in", "/questions/none/answers", "/nowhere", "/videos/none/watched"]
)
def test_two_hundred_kilobytes_of_brackets_are_refused(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data=DEEP, content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_every_view_that_reads_json_refuses_what_is_nested_too_deep(client: FlaskClient) -> None:
    with client.application.test_request_context(
        "/x", method="POST", data=DEEP, content_type="application/json"
    ) as here:
        assert here.request.get_json(silent=True) is None


def test_a_cursor_made_of_brackets_is_refused() -> None:
    from backtolife.errors import BacktolifeError
    from backtolife.reporting.api.paging import after_of

    with pytest.raises(BacktolifeError):
        after_of(base64.urlsafe_b64encode(b"[" * 3000 + b"]" * 3000).decode().rstrip("="), 1)


@pytest.mark.parametrize("body", ["[1]", "5", '{"email": 5}', '{"email": ["x"]}', '{"email": "a\\u0000b"}', "null"])
@pytest.mark.parametrize("path", ["/sign-in", "/staff/sign-in", "/staff/reset"])
def test_a_form_comes_as_a_form_and_not_as_json(client: FlaskClient, path: str, body: str) -> None:
    answer = client.post(path, data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_a_view_that_takes_json_still_reads_it(client: FlaskClient) -> None:
    with client.application.test_request_context("/x", method="POST", json={"a": 1}) as here:
        assert here.request.get_json(silent=True) == {"a": 1}
    with client.application.test_request_context("/x", method="POST", data="a=1") as here:
        assert here.request.get_json(silent=True) is None
