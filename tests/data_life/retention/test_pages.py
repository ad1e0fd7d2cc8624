"""The page: who, why, from when, what goes and what stays; two people erase, and the command lists the same by ids."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from backtolife import cli, clock
from backtolife.clock import years_later
from backtolife.data_life.erasing.models import Erasure
from backtolife.data_life.retention.models import RetentionProposal
from backtolife.data_life.retention.proposing import propose
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from tests.access.test_every_route import World
from tests.data_life.asking import PASSWORD, client
from tests.support.factories import Factory


@pytest.fixture
def old(world: World) -> str:
    """Somebody of the first service who left their group ten years ago, proposed last night. Returns their id."""
    now = clock.now()
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        lead = db.exec(select(Person).where(Person.full_name == f"{world.here.canary} clinical_lead Example")).first()
        assert lead is not None
        service = db.get_one(Service, lead.service_id)
        person = Factory(db, years_later(now, -10)).person(service, Role.PATIENT, "Oldcanary")
        person.email = "oldcanary@example.org"
        db.flush()
        propose(db, service, now=now)
        return person.id


def test_the_page_says_who_why_and_from_when_and_two_people_erase(world: World, old: str) -> None:
    lead, admin = client(world), client(world, Role.ADMINISTRATOR)
    page = lead.get("/retention").text
    for words in ("Oldcanary", "they were recorded", "Over since", "What is erased, and what stays", "8 years"):
        assert words in page, words
    assert "/retention/ask" not in admin.get("/retention").text
    assert lead.post("/retention/ask", data={"password": PASSWORD}).status_code == 400
    assert lead.post("/retention/ask", data={"chosen": [old], "password": PASSWORD}).status_code == 302
    assert "a second person confirms" in lead.get("/retention").text
    answer = admin.post("/retention/confirm", data={"chosen": [old], "password": PASSWORD})
    assert (answer.status_code, "a week after" in answer.text) == (409, True)
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        db.execute(update(Erasure).values(asked_at=clock.now() - timedelta(days=8)))
    assert "Waits for you as the second person" in admin.get("/retention").text
    assert "Waits for you as the second person" not in lead.get("/retention").text
    assert admin.post("/retention/confirm", data={"chosen": [old], "password": PASSWORD}).status_code == 302
    assert "Oldcanary" not in lead.get("/retention").text
    assert "No record has been kept long enough yet." in lead.get("/retention").text


def test_nobody_of_another_service_is_shown_or_chosen(world: World, old: str) -> None:
    found = world.app.test_client()
    with found.session_transaction() as session:
        session["signed_in"] = world.there.tokens[Role.CLINICAL_LEAD]
    assert "Oldcanary" not in found.get("/retention").text
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(RetentionProposal).where(RetentionProposal.person_id == old)).first() is not None


def test_the_command_lists_whose_time_is_over_by_ids(
    world: World, old: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = world.app.extensions["backtolife.engine"].url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    assert cli.main(["retention", "list"]) == 0
    said = capsys.readouterr().out
    assert old in said
    assert "last contact" in said
    assert "Oldcanary" not in said
