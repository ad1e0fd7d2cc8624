"""A page carries its scripts' words in its language, and none where it is English."""

import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from backtolife.web.said.script_words import files_of

CARRIED = re.compile(r'<script type="application/json" id="script-words">(.*?)</script>', re.DOTALL)
OFFLINE = "You are offline. This page will carry on when the connection is back. What you gave us is safe."


def carried(page: str) -> dict[str, Any]:
    found = CARRIED.search(page)
    assert found is not None
    return dict(json.loads(found[1]))


def test_a_page_in_english_carries_no_words(client: FlaskClient) -> None:
    assert CARRIED.search(client.get("/sign-in").text) is None


def test_a_page_in_another_language_carries_what_its_own_scripts_say(app: Flask) -> None:
    found = carried(app.test_client().get("/sign-in?language=en-XA").text)
    assert found["language"] == "en-GB"
    assert found["words"][OFFLINE].startswith("[Ýóú áré ófflíñé")
    assert "Raise hand" not in found["words"]


def test_a_script_brings_all_that_it_imports_also_over_several_lines() -> None:
    found = files_of(frozenset({"room/checks/get-ready.js"}), "")
    assert {"room/checks/device-check.js", "room/core/faults.js", "shared/words.js"} <= found
    assert "room/patient.js" not in found
    assert files_of(frozenset({"no/such.js"}), "") == frozenset()
