"""The guides beside the live room in a browser: read by mouse and by keyboard, and gone on a patient's page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backtolife import clock
from backtolife.programme.plan.loading import shipped
from tests.support.browser import assert_accessible, chromium
from tests.support.running import running_house
from tests.support.sessions.gathering import gather
from tests.support.sessions.pages import Hall

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_staff_open_the_guides_without_leaving_the_room(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            hall = Hall(house, gather(db, clock.now()), browser, [])
        lead = hall.lead()
        box = lead.get_by_role("region", name="Guides")
        emergency = box.get_by_role("heading", name="Go to A&E now, or call 999")
        expect(emergency).to_be_hidden()
        box.get_by_text("Urgent help", exact=True).click()
        expect(emergency).to_be_visible()
        assert_accessible(lead)
        box.get_by_text("Urgent help", exact=True).click()
        notes = box.get_by_text(shipped().session(1).lead_notes)
        expect(notes).to_be_hidden()
        box.get_by_text("Notes and facilitator guide").focus()
        lead.keyboard.press("Enter")
        expect(notes).to_be_visible()
        assert_accessible(lead)
        assert lead.url.endswith("/room")
        assert hall.faults == []
