"""The pages: one asks, another confirms a week later; who was erased is out of every page at once."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import select

from backtolife import clock
from backtolife.data_life.erasing.models import Erasure
from backtolife.database.session import session_scope
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from tests.access.test_every_route import World
from tests.data_life.asking import PASSWORD, client


def leaves(world: World) -> None:
    """The patient left the group, and nothing about them is open."""
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        db.get_one(Enrolment, world.here.ids["enrolment_id"]).state = EnrolmentState.WITHDRAWN
        for task in db.exec(select(SafetyTask).where(SafetyTask.enrolment_id == world.here.ids["enrolment_id"])):
            lead = db.exec(select(Person.id).where(Person.service_id == task.service_id)).first()
            task.state, task.contact = TaskState.DONE, "Called"
            task.acknowledged_by = task.closed_by = lead
            task.acknowledged_at = task.closed_at = clock.now()


def test_one_asks_another_confirms_and_the_patient_is_signed_out_and_nameless(world: World) -> None:
    path = f"/erasures/{world.here.ids['person_id']}"
    lead, admin, patient = (client(world, r) for r in (Role.CLINICAL_LEAD, Role.ADMINISTRATOR, Role.PATIENT))
    answer = lead.post(f"{path}/ask", data={"reason": "By letter", "password": PASSWORD})
    assert (answer.status_code, "They still have a place" in answer.text) == (409, True)
    leaves(world)
    assert lead.post(f"{path}/ask", data={"reason": "By letter", "password": PASSWORD}).status_code == 302
    assert f"{world.here.canary} patient" in admin.get("/erasures").text
    assert admin.post(f"{path}/confirm", data={"password": PASSWORD}).status_code == 409
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        db.execute(update(Erasure).values(asked_at=clock.now() - timedelta(days=8)))
    assert lead.post(f"{path}/confirm").status_code == 409, "not by whoever asked"
    assert patient.get("/your-details").status_code == 200
    assert admin.post(f"{path}/confirm", data={"password": PASSWORD}).status_code == 302
    assert patient.get("/your-details", headers={"Accept": "text/html"}).status_code == 302
    assert "They are erased" in admin.get(path).text
    for page in ("/erasures", "/patients", path, f"/patients/{world.here.ids['enrolment_id']}", "/messages"):
        assert f"{world.here.canary} patient" not in lead.get(page).text, page


def test_a_hold_is_put_and_lifted_on_the_page(world: World) -> None:
    leaves(world)
    path = f"/erasures/{world.here.ids['person_id']}"
    lead = client(world, Role.CLINICAL_LEAD)
    assert lead.post(f"{path}/hold", data={"reason": ""}).status_code == 400
    assert lead.post(f"{path}/hold", data={"reason": "A claim"}).status_code == 302
    assert "A legal hold stands" in lead.get(path).text
    assert lead.post(f"{path}/ask", data={"reason": "By letter", "password": PASSWORD}).status_code == 409
    assert lead.post(f"{path}/lift", data={"password": PASSWORD}).status_code == 302
    assert lead.post(f"{path}/ask", data={"reason": "By letter", "password": PASSWORD}).status_code == 302
    assert lead.post(f"{path}/call-off").status_code == 302
