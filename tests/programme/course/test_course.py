"""The course for those who lead groups: read, watch, rehearse, sign."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from backtolife.content.models import PackageState, VideoPackage
from backtolife.database.session import session_scope
from backtolife.programme.adopted import services as adopted
from backtolife.programme.course.models import CoursePart, CourseSignature
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme
from tests.programme.course.house import House


def improved(monkeypatch: pytest.MonkeyPatch) -> Programme:
    """From now on the service has a newer guide, in which another paragraph stands."""
    guide = shipped().facilitator_guide
    other = replace(guide, version="1.1.0", body=guide.body + "\n\nOne more line.\n")
    plan = replace(shipped(), facilitator_guide=other)
    monkeypatch.setattr("backtolife.programme.course.services.newest", lambda db, service_id: plan)
    return plan


def test_somebody_reads_watches_rehearses_and_signs(house: House) -> None:
    page = house.page()
    assert "Still to do: read 10 of 10; watch 9 of 9; rehearse once; then sign." in page
    assert 'action="/course/sign"' not in page
    house.tick_all()
    assert "Still to do: rehearse once; then sign." in house.page()
    house.rehearse()
    assert "Everything is done. Sign below." in house.page()
    assert house.sign() == 302
    page = house.page()
    assert "Signed by <bdi>Tom Example</bdi> on" in page
    assert "version 1.0.0" in page
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        (row,) = db.exec(select(CourseSignature))
        assert (row.person_id, row.name, row.version) == (house.tom.id, "Tom Example", "1.0.0")
    assert house.noted() == ["course_part_done"] * 19 + ["course_signed"]


def test_a_tick_is_taken_back_and_leaves_a_trace(house: House) -> None:
    (first, _), (second, _), *_ = house.boxes("read")
    assert "Saved." in house.tick("read", first, second)
    assert "Saved." in house.tick("read", second)
    assert "Nothing was changed." in house.tick("read", second)
    assert [done for _, done in house.boxes("read")][:3] == [False, True, False]
    assert house.noted() == ["course_part_done", "course_part_done", "course_part_undone"]
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        assert len(db.exec(select(CoursePart)).all()) == 2


def test_nobody_signs_before_everything_is_done_or_with_another_name(house: House) -> None:
    house.tick_all()
    house.rehearse(minutes=9)
    assert "9 minutes: too short to count" in house.page()
    assert house.sign() == 409
    house.rehearse(minutes=10)
    assert house.sign("Thomas Other") == 400
    assert house.sign("") == 400
    assert house.sign("  tom   EXAMPLE ") == 302


def test_a_signature_is_taken_back_and_given_again(house: House) -> None:
    house.do_it_all()
    answer = house.facilitator.post("/course/take-back", follow_redirects=True).text
    assert "Your signature is taken back" in answer
    assert "Everything is done. Sign below." in answer
    assert "Nothing was changed." in house.facilitator.post("/course/take-back", follow_redirects=True).text
    assert house.sign() == 302
    assert house.noted()[-3:] == ["course_signed", "course_signature_withdrawn", "course_signed"]


def test_new_words_in_the_guide_ask_kindly_for_what_is_new_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.do_it_all()
    improved(monkeypatch)
    page = house.page()
    assert "Thank you for signing version 1.0.0" in page
    assert "New words in: Facilitator guide." in page
    assert "Still to do: read 1 of 10; then sign." in page
    assert house.sign() == 409
    house.tick_all()
    assert house.sign() == 302
    assert "version 1.1.0" in house.page()
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        rows = db.exec(select(CourseSignature).order_by("signed_at")).all()
        assert [(each.version, each.withdrawn_at is None) for each in rows] == [("1.0.0", False), ("1.1.0", True)]


def test_what_changed_while_the_page_was_open_is_neither_ticked_nor_signed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [digest for digest, _ in house.boxes("read")]
    house.tick_all()
    house.rehearse()
    shown = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', house.page())
    assert shown is not None
    improved(monkeypatch)
    assert "have changed since you opened the page" in house.tick("read", *old)
    house.tick_all()
    answer = house.facilitator.post("/course/sign", data={"name": "Tom Example", "digest": shown.group(1)})
    assert answer.status_code == 409
    assert 'value="Tom Example"' in answer.text
    assert house.facilitator.post("/course/dance", data={}).status_code == 404


def test_a_service_without_videos_asks_nobody_to_watch_any(house: House) -> None:
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        for package in db.exec(select(VideoPackage)):
            package.state = PackageState.FAILED
    page = house.page()
    assert "Your service has no videos yet." in page
    assert "Still to do: read 10 of 10; rehearse once; then sign." in page


def test_the_lead_and_the_administrator_see_who_has_done_it(house: House) -> None:
    house.tick("read", house.boxes("read")[0][0])
    for who in (house.lead, house.admin):
        page = who.get("/course/everybody").text
        row = page.split("Tom Example")[1].split("</tr>")[0]
        assert re.findall(r"<td>(.*?)</td>", row) == ["1 of 10", "0 of 9", "No", "No", "Read 9 of 10", "–"]
        assert "Linda" not in page
    staff = house.admin.get("/staff").text
    assert "Not signed" in staff.split("Tom Example")[1].split("</tr>")[0]
    house.do_it_all()
    assert "<td>Signed</td>" in house.admin.get("/staff").text.split("Tom Example")[1].split("</tr>")[0]
    assert house.patient.get("/course").status_code == 403
    assert house.facilitator.get("/course/everybody").status_code == 403


def test_the_course_reads_the_services_own_version(house: House) -> None:
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        assert adopted.newest(db, house.service.id) is shipped()
    assert 'href="/course"' in house.facilitator.get("/").text
