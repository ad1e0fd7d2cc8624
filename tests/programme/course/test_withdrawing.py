"""A lead takes somebody's signature of the course back, with a reason, and brings it back."""

import re

from sqlmodel import col, select

from backtolife.audit.entries import AuditEntry
from backtolife.database.session import session_scope
from backtolife.programme.course.models import CourseSignature
from tests.programme.course.house import House

WHY = "Please read the part about red flags again"


def withdraw(house: House, again: str = "sign", reason: str = WHY) -> tuple[int, str]:
    answer = house.lead.post(
        f"/course/everybody/{house.tom.id}", data={"reason": reason, "again": again}, follow_redirects=True
    )
    return answer.status_code, " ".join(answer.text.split())


def bring_back(house: House) -> tuple[int, str]:
    answer = house.lead.post(f"/course/everybody/{house.tom.id}/bring-back", follow_redirects=True)
    return answer.status_code, " ".join(answer.text.split())


def toms_row(house: House) -> list[str]:
    page = " ".join(house.lead.get("/course/everybody").text.split())
    row = page.split("Tom Example")[1].split("</tr>")[0]
    return [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<td>(.*?)</td>", row)]


def test_a_signature_is_withdrawn_with_a_reason_that_its_owner_reads(house: House) -> None:
    house.do_it_all()
    status, page = withdraw(house)
    assert status == 200
    assert "They read why on their page of the course" in page
    assert toms_row(house)[3].startswith("No. Grace Example withdrew it on")
    assert toms_row(house)[3].endswith(WHY)
    mine = house.page()
    assert "Please sign again" in mine and WHY in mine
    assert "Everything is done. Sign below." in mine, "what he read and watched still counts"
    assert house.sign() == 302
    assert WHY not in house.page()
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "course_signature_withdrawn")).one()
        assert entry.detail["reason"] == WHY
        assert len(db.exec(select(CourseSignature)).all()) == 2


def test_a_lead_may_ask_for_all_of_it_again(house: House) -> None:
    house.do_it_all()
    withdraw(house, "all")
    assert toms_row(house)[:3] == ["0 of 10", "0 of 9", "Yes"]
    assert "Still to do: read 10 of 10; watch 9 of 9; then sign." in house.page()
    house.tick("read", house.boxes("read")[0][0])
    assert "counts again" in bring_back(house)[1]
    assert toms_row(house)[:3] == ["10 of 10", "9 of 9", "Yes"]
    assert "<strong>Done.</strong>" in house.page()
    assert house.noted()[-1] == "course_signature_brought_back"


def test_what_cannot_be_withdrawn_or_brought_back_is_said(house: House) -> None:
    assert "has no signature now" in house.lead.get(f"/course/everybody/{house.tom.id}").text
    assert withdraw(house)[0] == 409
    house.do_it_all()
    status, page = withdraw(house, reason="  ")
    assert status == 400 and "Say why. The person reads it" in page
    assert withdraw(house, again="dance")[0] == 400
    assert bring_back(house)[0] == 409
    withdraw(house)
    assert house.sign() == 302
    assert bring_back(house)[0] == 409, "he has signed again"


def test_who_took_it_back_themselves_is_not_said_to_have_lost_it_and_no_one_else_may(house: House) -> None:
    house.do_it_all()
    for who in (house.admin, house.facilitator, house.patient):
        refused = who is not house.admin  # who answers for the service as a lead too
        assert (who.get(f"/course/everybody/{house.tom.id}").status_code == 403) is refused
    house.facilitator.post("/course/take-back")
    assert toms_row(house)[3] == "No"
    assert bring_back(house)[0] == 409
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(CourseSignature).where(col(CourseSignature.withdrawn_why) != "")).first() is None
