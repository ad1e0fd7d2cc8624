"""Scripts speak the language of the page: whoever reads Urdu meets no English word of theirs on the way in."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from backtolife import clock
from backtolife.programme.signed.models import GuideSignature
from backtolife.text.catalogues import reading
from tests.support.sessions.pages import Hall, look

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(300)]
HEAR_SCRIPTS = """(() => {
  window.said = [];
  const hear = (node) => {
    if (node.nodeType === Node.TEXT_NODE) window.said.push(node.textContent);
    else for (const child of node.childNodes) hear(child);
  };
  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") hear(change.target);
      if (change.type === "attributes") window.said.push(change.target.getAttribute("aria-label") ?? "");
      for (const node of change.addedNodes) hear(node);
    }
  });
  document.addEventListener("readystatechange", () => {
    const all = { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"] };
    if (document.readyState === "interactive") watch.observe(document.body, all);
  });
})()"""
"""Keeps every word that a script puts on the page, from when the page's own words are all there."""
ENGLISH = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(r"Linda|Joseph|Priya|Fake [\w ]+|fake_device_\d|CAMERA|Settings|Safari|Chrome")
"""Of people and of devices: nobody translates them."""
ROOM_TOLD = "آپ کی ٹیم آپ کو جلد اندر آنے دے گی۔ ابھی کوئی آپ کو دیکھ یا سن نہیں سکتا۔"


def english_said(page: Page) -> list[str]:
    """What scripts said in English, but for names and for what the programme says, which stays English."""
    said = page.evaluate("() => window.said")
    assert said
    given = page.evaluate("() => document.getElementById('room-data')?.textContent ?? ''")
    programme = json.loads(given) if given else {}
    ours = (words for words in said if words.strip() and not is_in(programme, words))
    return [words for words in ours if ENGLISH.search(NAMES.sub("", words))]


def is_in(data: object, words: str) -> bool:
    if isinstance(data, dict):
        return any(is_in(each, words) for each in data.values())
    if isinstance(data, list):
        return any(is_in(each, words) for each in data)
    return data == words


def test_getting_ready_and_the_waiting_room_speak_urdu(hall: Hall) -> None:
    with hall.house.database() as db:
        linda_is = db.merge(hall.group.patients[0])
        linda_is.message_language = "ur"
        signed_by, service_id = hall.group.lead.id, linda_is.service_id
        kind = {"guide": "words-on-pages", "language": "ur", "digest": reading.digest("ur")}
        db.add(GuideSignature(service_id=service_id, signed_by=signed_by, signed_at=clock.now(), **kind))
    page = hall.page(hall.group.patients[0], small=True)
    page.add_init_script(HEAR_SCRIPTS)
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for name in ("camera", "microphone", "network"):
        expect(page.locator(f'[data-check="{name}"] [data-tag]')).to_have_text("کام کر رہا ہے")
    page.locator("#play-tune").click()
    expect(page.locator('[data-check="speaker"] [data-words]')).to_contain_text("آواز بڑھائیں")
    assert english_said(page) == []
    look(page)
    page.locator("input[name=camera][value=off]").check(force=True)
    page.locator("input[name=where]").first.check(force=True)
    page.locator("button[type=submit].btl-btn--big").click()
    expect(page.locator("#lobby-words")).to_have_text(ROOM_TOLD)
    expect(page.locator("#subtitle")).to_have_text("انتظار گاہ")
    assert english_said(page) == []
    hall.lead().get_by_role("button", name="Let Linda in", exact=True).click()
    expect(page.locator("#people-here")).to_contain_text("یہاں")
    assert english_said(page) == []
