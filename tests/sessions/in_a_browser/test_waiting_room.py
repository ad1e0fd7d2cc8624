"""The waiting room, as it looks: what to do at once about a warning sign can be read on its dark page."""

import pytest
from playwright.sync_api import Browser

from backtolife.joined import parts
from tests.support.browser import AXE, phone

pytestmark = pytest.mark.browser
NOTE = """<main class="btl-room__mid"><section class="btl-rest__mid">
<div class="btl-note btl-note--alert"><span><strong>Go to A&E now.</strong> Do not wait for the group.</span></div>
</section></main>"""
RUN = "() => window.axe.run({runOnly: ['color-contrast']})"


def test_what_to_do_at_once_stands_out_from_its_ground(browser: Browser) -> None:
    sheet = "".join(part.read_text() for part in parts("room"))
    with phone(browser) as context:
        page = context.new_page()
        page.set_content(f"<style>{sheet}</style><body class=btl-room>{NOTE}")
        page.evaluate(AXE.read_text())
        found = page.evaluate(RUN)
    assert found["passes"]
    assert [node["html"] for each in found["violations"] + found["incomplete"] for node in each["nodes"]] == []
