"""Staff read the guides beside the live room, without leaving it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.programme.plan.loading import shipped
from tests.support.sessions.door import Door, before_the_door


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def test_who_leads_has_the_notes_of_this_session_and_the_urgent_help_guide_beside_the_room(door: Door) -> None:
    door.sign_in(door.group.lead)
    page = door.client.get(f"{door.page}/room").text
    box = page.split('aria-label="Guides"')[1].split("</section>")[0]  # the page's data holds the same words once more
    session = shipped().session(1)
    script = next(shipped().relaxation[each.script_id] for each in session.sections if each.script_id)
    for words in (session.lead_notes, session.sections[0].facilitator_notes, script.take_care, "Medical emergency"):
        assert str(escape(words)) in box
    assert re.search(r"<details>\s*<summary>Urgent help</summary>", page), "one press, and not inside another"


def test_a_patient_in_the_room_reads_nothing_that_is_for_staff(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        door.group.sit(door.linda, now=clock.now())
    door.sign_in(door.linda)
    page = door.client.get(f"{door.page}/room").text
    assert "I need help" in page
    assert str(escape(shipped().session(1).lead_notes)) not in page
    assert "Medical emergency" not in page
