"""Questionnaires to print and fill in with a pen."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from playwright.sync_api import expect

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.catalogue.wording import wording
from backtolife.outcomes.typed import services as typed
from backtolife.people.models import Person, Role, Service
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.outcomes.typing import typed_out
from tests.support.people.cookies import browser_of
from tests.support.running import running_house


@dataclass
class Desk:
    """A service with a facilitator and a clinical lead, and somebody's half-typed form."""

    app: Flask
    service: Service
    grace: Person
    facilitator: FlaskClient
    lead: FlaskClient
    patient: FlaskClient
    typed_id: str

    def type(self, words: dict[str, str], *, load: bool = False) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            make = Factory(db, clock.now())
            actor = make.actor(self.grace)
            typed.save(db, actor=actor, typed_id=self.typed_id, sent=words, shown={}, now=make.now)
            if load:
                typed.load(db, actor=actor, typed_id=self.typed_id, table=None, now=make.now)


@pytest.fixture
def desk(app: Flask) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        lead, tom = make.person(service, Role.CLINICAL_LEAD), make.person(service, Role.FACILITATOR)
        row = typed.start(db, actor=make.actor(lead), instrument="gad-7", now=make.now)
        patient = make.person(service)
    return Desk(app, service, lead, browser_of(app, tom), browser_of(app, lead), browser_of(app, patient), row.id)


def test_the_words_asked_today_stand_on_paper_with_boxes_for_name_and_dates(desk: Desk) -> None:
    page, form = desk.facilitator.get("/questionnaires/paper/phq-9").text, wording("phq-9")
    for words in ("Name", "Date of birth", "Date you filled this in", form.intro, *(q.text for q in form.questions)):
        assert str(escape(words)) in page
    assert page.count('class="btl-paper__box"') == sum(len(each.options) for each in form.questions)
    assert "They are not the official questionnaire." in page
    assert "call 999 now" in page, "nobody reads a paper at once"
    assert desk.service.phone in page
    assert "btl-paper--large" not in page
    assert "btl-paper--large" in desk.facilitator.get("/questionnaires/paper/phq-9?size=large").text
    assert desk.patient.get("/questionnaires/paper/phq-9").status_code == 403


def test_words_that_are_typed_are_printed_with_their_owner_and_licence_once_they_are_whole(desk: Desk) -> None:
    address = f"/questionnaires/typed/{desk.typed_id}/paper"
    assert desk.lead.get(address).location.endswith(f"/questionnaires/typed/{desk.typed_id}?check=1")
    desk.type(typed_out("gad-7"))
    page = desk.lead.get(address).text
    for words in ("Example question 7?", "Answer 3", "© Example Trust"):
        assert words in page
    assert "Used under licence: Example Trust, L-123." in page
    assert "They are not the official questionnaire." in desk.facilitator.get("/questionnaires/paper/gad-7").text
    desk.type({}, load=True)
    page = desk.facilitator.get("/questionnaires/paper/gad-7").text
    assert "© Example Trust Used under licence: Example Trust, L-123." in page
    assert "Example question 7?" in page


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_paper_fits_every_screen_and_leaves_menus_off_the_sheet(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            tom = make.person(make.service(), Role.FACILITATOR)
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(tom))  # type: ignore[arg-type]
        page = context.new_page()
        for name in ("phq-9", "rmdq-24?size=large"):
            page.goto(f"{house.url}/questionnaires/paper/{name}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name="Usual print")).to_be_hidden()
        expect(page.get_by_role("navigation", name="Main menu")).to_be_hidden()
