"""What becomes of a version: put away and back, and never while a group uses it."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid
from backtolife.people.models import Role
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import in_use, offered
from backtolife.programme.editing import services as editing
from backtolife.programme.versions import services
from tests.programme.editing.desk import Desk
from tests.support.factories import Factory


def published(desk: Desk, version: str = "1.1.0") -> str:
    desk.lead.post(f"{desk.begin()}/publish", data={"version": version})
    with desk.db() as db:
        return db.exec(select(AdoptedProgramme.id).where(AdoptedProgramme.version == version)).one()


def row(desk: Desk, version_id: str) -> AdoptedProgramme:
    with desk.db() as db:
        return db.get_one(AdoptedProgramme, version_id)


def test_a_version_is_not_put_away_while_a_group_uses_it_and_the_group_goes_on(desk: Desk) -> None:
    version = published(desk)
    assert desk.new_group("Next", version) == 302
    answer = desk.lead.post(f"/programme/versions/{version}/put-away", data={"away": "yes"})
    assert (answer.status_code, "This group follows it: " in answer.text) == (409, True)
    assert row(desk, version).put_away_at is None
    assert desk.plan_of("Next").version == "1.1.0"


def test_one_that_no_group_uses_leaves_the_lists_and_comes_back(desk: Desk) -> None:
    version = published(desk)
    assert desk.lead.post(f"/programme/versions/{version}/put-away", data={"away": "yes"}).status_code == 302
    page = desk.lead.get("/programme/versions").text
    assert page.index("Versions that are put away") < page.index(f"/programme/versions/{version}")
    assert version not in desk.other.get("/groups/new").text
    assert desk.new_group("Late", version) == 400
    with desk.db() as db:
        assert "1.1.0" not in {plan.version for plan in in_use(db, desk.service.id)}
    assert desk.lead.post(f"/programme/versions/{version}/put-away", data={"away": "no"}).status_code == 302
    assert version in desk.other.get("/groups/new").text


def test_the_version_that_came_with_the_product_stays(desk: Desk) -> None:
    desk.begin()
    came = desk.draft().based_on
    for action, typed in (("put-away", {"away": "yes"}), ("retire", {"retired": "yes"}), ("share", {"shared": "yes"})):
        assert desk.lead.post(f"/programme/versions/{came}/{action}", data=typed).status_code == 400
    assert "Put it away" not in desk.lead.get(f"/programme/versions/{came}").text


def test_a_group_that_began_meanwhile_keeps_its_version(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
        draft = editing.begin(db, version_id="", actor=lead, now=now)
        version = editing.publish(db, draft=draft, version="1.1.0", actor=lead, now=now)
    with session_scope(engine) as db:
        assert [each.id for each in offered(db, service.id)] == [version.id]
        group = Factory(db, now).cohort(service, "Began", first_day=clock.now().date())
        group.programme_id = version.id
    with pytest.raises(Conflict, match="Began"), session_scope(engine) as db:
        services.put_away(db, version=db.get_one(AdoptedProgramme, version.id), away=True, actor=lead, now=now)
    with pytest.raises(Invalid, match="stays"), session_scope(engine) as db:
        came = db.get_one(AdoptedProgramme, draft.based_on)
        services.put_away(db, version=came, away=True, actor=lead, now=now)
