"""Half a character in what somebody sends spoils nothing, and a zone is one that browsers know."""

import json

import pytest
from flask import Flask

from backtolife.clock import known_zone
from backtolife.errors import Invalid
from backtolife.text.whole_characters import whole


def test_half_a_character_becomes_one_sign_and_whole_ones_stay(app: Flask) -> None:
    sent = json.dumps({"a": "cut emoji \ud83d", "b": "\ude00 first", "c": "😀", "d": "\\ud83d", "e": "ä"})
    read = app.json.loads(sent)
    assert read == {"a": "cut emoji \ufffd", "b": "\ufffd first", "c": "😀", "d": "\\ud83d", "e": "ä"}
    assert whole(json.dumps("\ud83d\ud83d\ude00")) == '"\\ufffd\\ud83d\\ude00"'
    assert str(read).encode()


@pytest.mark.parametrize("name", ["Europe/London", "Asia/Kathmandu", "UTC", "GB"])
def test_a_zone_that_browsers_know_is_taken(name: str) -> None:
    assert known_zone(name).key == name


@pytest.mark.parametrize(
    "name", ["localtime", "posixrules", "Factory", "europe/london", "posix/Europe/London", "../x", "", "Mars/Base"]
)
def test_a_zone_that_browsers_do_not_know_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="Use a name such as Europe/London"):
        known_zone(name)
