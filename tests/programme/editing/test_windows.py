"""How long questions are open is changed in a draft: the next group's open by it, and a running one keeps its days."""

import re

from sqlmodel import select

from backtolife.outcomes.asking.schedule import ask_of
from backtolife.programme.cohorts.models import Cohort
from tests.programme.editing.desk import Desk, change

WHERE = "/questionnaires/milestones"


def days_open(desk: Desk, name: str) -> tuple[int, int]:
    """How many days before and after its due day the half-way questions of a group are open."""
    with desk.db() as db:
        ask = ask_of(db, db.exec(select(Cohort).where(Cohort.name == name)).one(), "mid")
    due = ask.due_at.date()
    return (due - ask.opens_at.date()).days, (ask.last_moment.date() - due).days


def test_questions_of_the_next_group_open_and_close_on_the_days_that_were_published(desk: Desk) -> None:
    before = days_open(desk, "Running")
    draft = desk.begin()
    assert change(desk.lead, f"{draft}/milestones/mid", label="In the middle", before="3", after="4")[0] == 302
    assert "In the middle" not in desk.lead.get(WHERE).text, "a draft changes nothing"
    assert desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"}).status_code == 302
    page = " ".join(desk.lead.get(WHERE).text.split())
    part = page.split('id="mid"')[1].split("</section>")[0]
    assert "In the middle" in part
    assert "Due on the day of session 5. Opens 3 days before that day and closes 4 days after it." in part
    assert 'href="/programme/versions"' in page
    chosen = re.search(r'<option value="([0-9a-f]{32})" selected\s*>1\.1\.0', desk.other.get("/groups/new").text)
    assert chosen and desk.new_group("Next", chosen[1]) == 302
    assert days_open(desk, "Next") == (3, 4) != before
    assert days_open(desk, "Running") == before
