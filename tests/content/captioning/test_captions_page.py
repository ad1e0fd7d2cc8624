"""Writing captions on a page: a draft that patients see once it is published, and every earlier one again."""

import html
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.content.captioning import views
from backtolife.content.models import CaptionVersion, VideoPackage
from backtolife.database.session import session_scope
from backtolife.people.models import Role, Service
from tests.content.captions.test_captions_from_elsewhere import CASES
from tests.support.content.house import House
from tests.support.factories import Factory

WORDS = "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello & welcome\n\n00:00:02.000 --> 00:00:03.500\nTo the group\n"


@pytest.fixture(autouse=True)
def _small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test client keeps one that is too large in memory."""
    monkeypatch.setattr(views, "LARGEST_CAPTIONS", 1000)


@pytest.fixture
def priya(house: House) -> FlaskClient:
    return house.client(house.facilitator)


def address(package: VideoPackage) -> str:
    return f"/videos/manage/{package.id}/captions"


def send(client: FlaskClient, package: VideoPackage, words: str, *, seen: int = 0, **more: object) -> TestResponse:
    data = {"words": words, "parts": "0:00 Welcome\n0:02 The group", "seen": str(seen), "act": "save", **more}
    return client.post(address(package), data=data, content_type="multipart/form-data")


def words_in(page: str) -> str:
    """What stands in the form."""
    found = re.search(r"<textarea[^>]*name=\"words\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def shown(house: House, package: VideoPackage) -> str:
    """The captions that players get."""
    return (house.settings.videos_dir / "packages" / package.id / "captions.vtt").read_text(encoding="utf-8")


def versions(house: House) -> list[CaptionVersion]:
    with Session(house.engine) as db:
        return list(db.exec(select(CaptionVersion).order_by(CaptionVersion.number)))  # type: ignore[arg-type]


def test_the_page_begins_with_what_came_with_the_video(priya: FlaskClient, package: VideoPackage) -> None:
    page = priya.get(address(package)).text
    assert words_in(page) == "WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nHello there\n"
    assert "Earlier versions" not in page
    assert f'href="{address(package)}"' in priya.get("/videos/manage").text


def test_a_draft_is_seen_by_patients_only_when_it_is_published(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    assert send(priya, package, WORDS).status_code == 302
    patient = house.client(house.patient)
    assert "Hello there" in shown(house, package)
    assert "welcome" not in patient.get("/videos/session-1").text
    assert send(priya, package, WORDS, seen=2, act="publish").status_code == 302
    assert "Hello &amp; welcome" in shown(house, package)
    page = patient.get("/videos/session-1").text
    assert "Hello &amp; welcome" in page
    assert 'data-start="2000"' in page
    assert "The group" in page
    assert "Patients see this one" in priya.get(address(package)).text
    with Session(house.engine) as db:
        actions = db.exec(select(AuditEntry.action).where(AuditEntry.subject_type == "video")).all()
    assert {"captions_saved", "captions_published"} <= set(actions)


def test_a_published_mistake_is_undone_by_going_back(house: House, priya: FlaskClient, package: VideoPackage) -> None:
    send(priya, package, WORDS, act="publish")
    page = priya.post(f"{address(package)}/versions/1", follow_redirects=True).text
    assert "Version 1 is back: it is the draft now, version 3" in page
    assert "Hello &amp; welcome" in shown(house, package)
    assert send(priya, package, words_in(page), seen=3, act="publish", parts="").status_code == 302
    assert "Hello there" in shown(house, package)
    assert "welcome" not in house.client(house.patient).get("/videos/session-1").text
    assert len(versions(house)) == 3


def test_of_two_editors_the_second_is_told_and_keeps_every_word(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    with session_scope(house.engine) as db:
        make = Factory(db, clock.now())
        colleague = make.person(db.get_one(Service, house.service_id), Role.FACILITATOR, "Tom")
    tom = house.client(colleague)
    send(priya, package, WORDS)
    mine = WORDS.replace("To the group", "To our own group")
    refused = send(tom, package, mine)
    assert refused.status_code == 409
    assert "saved these captions while you were typing" in refused.text
    assert "To our own group" in refused.text
    assert "To the group" in refused.text
    assert 'name="seen" type="hidden" value="2"' in refused.text
    assert len(versions(house)) == 2
    assert send(tom, package, mine, seen=2).status_code == 302
    assert [each.saved_by == house.facilitator.id for each in versions(house)[1:]] == [True, False]


def test_what_must_be_mended_is_saved_and_not_published(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    backwards = WORDS.replace("00:00:03.500", "00:00:01.000")
    answer = send(priya, package, backwards, act="publish")
    assert answer.status_code == 302
    page = priya.get(answer.location).text
    assert "Saved, but not published" in page
    assert "It ends before it begins" in page
    assert "Hello there" in shown(house, package)
    assert "To the group" in versions(house)[-1].words


TOO_FAST = WORDS.replace("00:00:03.500", "00:00:02.400")
EMPTY_END = WORDS.replace("00:00:03.500", "00:00:09.000")


def publish_again(priya: FlaskClient, package: VideoPackage, page: str, words: str = "") -> TestResponse:
    """Press the button that says so below what was read."""
    found = re.search(r'name="act" value="(publish [0-9a-f]+)"', page)
    assert found is not None
    return send(priya, package, words or words_in(page), seen=len(versions_on(page)), act=found[1])


def versions_on(page: str) -> list[str]:
    return re.findall(r"<strong>Version \d+</strong>", page)


def test_with_warnings_nothing_goes_live_before_they_were_read(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    answer = send(priya, package, TOO_FAST, act="publish")
    assert answer.status_code == 302
    page = priya.get(answer.location).text
    assert "Patients do not see these captions yet" in page
    assert "It is too fast to read" in page
    assert "Hello there" in shown(house, package)
    assert [each.published_at is None for each in versions(house)] == [False, True]
    assert publish_again(priya, package, page).status_code == 302
    assert "Hello &amp; welcome" in shown(house, package)
    assert versions(house)[-1].published_at is not None


def test_who_read_other_warnings_is_asked_again(house: House, priya: FlaskClient, package: VideoPackage) -> None:
    page = priya.get(send(priya, package, TOO_FAST, act="publish").location).text
    again = priya.get(publish_again(priya, package, page, words=EMPTY_END).location).text
    assert "It ends after the video has ended" in again
    assert "Patients do not see these captions yet" in again
    assert "Hello there" in shown(house, package)


def test_which_version_patients_see_is_the_one_published_last_whatever_was_saved_since(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    send(priya, package, WORDS, act="publish")
    send(priya, package, WORDS.replace("To the group", "A later draft"), seen=2)
    marks = [each.published_at is not None for each in versions(house)]
    assert marks == [True, True, False]
    page = priya.get(address(package)).text
    here = page.index("Patients see this one")
    assert page.rindex("<strong>Version ", 0, here) == page.index("<strong>Version 2</strong>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("WEBVTT\n\n00:01 -> 00:02\nHello", "Line 3 has words without a time"),
        ("WEBVTT\n\n0:1 --> 0:2\nHello", "We cannot read the time in line 3"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field_and_stays_in_it(
    house: House, priya: FlaskClient, package: VideoPackage, words: str, said: str
) -> None:
    refused = send(priya, package, words)
    assert refused.status_code == 400
    assert said in refused.text
    assert "\nHello</textarea>" in refused.text
    assert versions(house) == []


@pytest.mark.parametrize("name", ["crlf-bom", "tabs", "entities", "overlap", "utf16", "renamed-srt"])
def test_a_file_comes_in_as_a_draft_after_what_was_typed(
    house: House, priya: FlaskClient, package: VideoPackage, name: str
) -> None:
    file = io.BytesIO(CASES[name].read_bytes())
    assert send(priya, package, WORDS, file=(file, "mine.vtt")).status_code == 302
    first, typed, came = versions(house)
    assert ("Hello there" in first.words, "To the group" in typed.words) == (True, True)
    assert came.words.count("-->") >= 1
    assert words_in(priya.get(address(package)).text) == came.words


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Milk, eggs and bread", "Line 1 has words without a time"),
        (b"WEBVTT\n", "There are no words with times in this file"),
        (b"WEBVTT\n\n" + b"x" * 1000, "This captions file is too large"),
    ],
)
def test_a_file_that_is_no_captions_changes_nothing(
    house: House, priya: FlaskClient, package: VideoPackage, data: bytes, said: str
) -> None:
    refused = send(priya, package, WORDS, file=(io.BytesIO(data), "mine.vtt"))
    assert refused.status_code == 400
    assert said in refused.text
    assert "To the group" in refused.text
    assert versions(house) == []


def test_the_page_asks_what_is_to_be_said_about_captions_that_are_not_saved(
    priya: FlaskClient, package: VideoPackage
) -> None:
    told = priya.post(f"{address(package)}/check", data={"words": WORDS.replace("03.500", "09.000")}).get_json()
    assert [each["text"] for each in told["captions"]] == ["Hello & welcome", "To the group"]
    assert [(each["at"], each["kind"]) for each in told["findings"]] == [(1, "past")]


def test_thirty_drafts_are_kept_and_every_one_that_was_published(
    house: House, priya: FlaskClient, package: VideoPackage
) -> None:
    for number in range(33):
        sent = send(priya, package, WORDS.replace("group", f"group {number}"), seen=number + 1 if number else 0)
        assert sent.status_code == 302
    kept = [each.number for each in versions(house)]
    assert kept[0] == 1
    assert len(kept) == 31
    assert kept[-1] == 34


def test_a_video_that_cannot_be_played_yet_has_no_captions_to_write(house: House, priya: FlaskClient) -> None:
    house.adopt()
    with Session(house.engine) as db:
        package = db.exec(select(VideoPackage)).first()
    assert package is not None
    answer = priya.get(address(package))
    assert answer.status_code == 409
    assert "cannot be played yet" in answer.text
