"""What leaves a row in the audit log: every refusal, and every look of staff at somebody's record."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.audit.chain import verify
from backtolife.database.session import session_scope
from backtolife.people.models import STAFF, Kind, Person, Role
from backtolife.people.signing_in.signin import digest
from backtolife.people.traces.looks import refusals
from backtolife.programme.cohorts.models import Enrolment
from backtolife.reporting.api.models import ApiClient
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import SIGNS_OUT, World, names_a_record, rules
from tests.access.world import build
from tests.support.figures import figure


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    now = clock.now()
    monkeypatch.setattr(refusals, "most", 10_000)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        here, there = build(db, "A", now), build(db, "B", now)
    return World(app, here, there)


def rows(world: World, *actions: str) -> list[AuditEntry]:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        wanted = select(AuditEntry).order_by(col(AuditEntry.service_id), col(AuditEntry.number))
        return list(db.exec(wanted.where(col(AuditEntry.action).in_(actions)) if actions else wanted))


def count(world: World, action: str = "") -> int:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        wanted = select(func.count()).select_from(AuditEntry)
        return db.exec(wanted.where(AuditEntry.action == action) if action else wanted).one()


@pytest.mark.parametrize("role", list(Role))
def test_every_refusal_leaves_a_row(world: World, role: Role) -> None:
    """Of another service, on every route: 403 always, 404 wherever the address names a record."""
    kept = 0
    for rule, method in rules(world.app):
        if ROUTES[rule.endpoint] == PUBLIC or rule.endpoint in SIGNS_OUT:
            continue
        before = count(world, "refused")
        status, _ = world.knock(rule, method, world.there.tokens[role], world.here)
        new = count(world, "refused")
        if status == 403 or (status == 404 and names_a_record(rule)):
            assert new == before + 1, f"{method} {rule.endpoint}: {status}"
            kept += 1
        elif status != 404:
            assert new == before, f"{method} {rule.endpoint}: {status}"
    figure(f"{role} of another service: {kept} refusals, each left a row")
    assert kept > 50


@pytest.mark.parametrize("role", sorted(STAFF))
def test_every_page_on_which_staff_see_a_patients_name_leaves_a_row(world: World, role: Role) -> None:
    seen, without = [], []
    for rule, method in sorted(rules(world.app), key=lambda each: each[1]):  # looked at before anything is changed
        if role not in ROLES.get(ROUTES[rule.endpoint], ()) or rule.endpoint in SIGNS_OUT:
            continue
        before = count(world)
        status, body = world.knock(rule, method, world.here.tokens[role], world.here)
        if status in {200, 400, 409} and names_a_patient(world, body):
            seen.append(rule.endpoint)
            if count(world) == before:
                without.append(f"{method} {rule.endpoint}")
    assert without == []
    assert seen or role is Role.SERVICE_LEAD


def names_a_patient(world: World, body: str) -> bool:
    return any(f"{world.here.canary} {who}" in body for who in ("patient", "caller", "twice", "waits"))


@pytest.mark.parametrize("path", ["/tasks", "/sessions/{group_session_id}/guests", "/groups/{cohort_id}/board"])
def test_tasks_guests_and_boards_are_not_looked_at_without_a_trace(world: World, path: str) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = world.here.tokens[Role.FACILITATOR]
    with client.get(path.format(**world.here.ids)) as answer:
        assert answer.status_code == 200
    (row,) = rows(world, "looked")
    assert row.subject_id in {world.here.ids.get("group_session_id"), world.here.ids.get("cohort_id"), row.service_id}
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        assert verify(db, row.service_id).broken_at is None


def test_a_program_that_asks_for_more_than_its_token_may_leaves_a_row(world: World) -> None:
    token = "a-token-of-a-program"
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        program = db.get_one(ApiClient, world.here.ids["client_id"])
        program.token_hash = digest(token)
    client, knows = world.app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/answers", headers=knows).status_code == 403
    (row,) = rows(world, "refused")
    assert (row.actor_id, row.detail["wanted"]) == (world.here.ids["client_id"], "answers:read")
    assert client.get("/api/v1/people", headers=knows).status_code == 200
    assert len(rows(world, "refused")) == 1


def test_somebody_elses_record_named_in_a_form_leaves_a_row_although_its_request_is_rolled_back(world: World) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = world.there.tokens[Role.CLINICAL_LEAD]
    before = len(rows(world, "refused"))
    about = f"cohort:{world.here.ids['cohort_id']}"
    assert client.post("/results/reports", data={"about": about}).status_code == 404
    assert len(rows(world, "refused")) == before + 1


def test_a_look_that_cannot_be_kept_breaks_no_page_and_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = world.here.tokens[Role.FACILITATOR]

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the database is away", None, Exception())

    monkeypatch.setattr("backtolife.audit.record", away)
    with client.get("/tasks") as answer:
        assert (answer.status_code, "look_not_kept" in capsys.readouterr().out) == (200, False), "not before the answer"
        assert world.here.canary in answer.text
    assert "look_not_kept" in capsys.readouterr().out


def test_a_flood_of_refusals_fills_no_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "most", 5)
    monkeypatch.setattr(refusals, "_tries", {})
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = world.here.tokens[Role.PATIENT]
    before = len(rows(world, "refused"))
    for number in range(9):
        assert client.get(f"/tasks/{number}").status_code == 403
    assert len(rows(world, "refused")) == before + 5


def test_whoever_watches_for_attacks_finds_a_line_with_where_it_came_from(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    email = "canary-person@example.org"
    source = {"REMOTE_ADDR": "203.0.113.9"}
    client.post("/staff/sign-in", data={"email": email, "password": "canary words here"}, environ_base=source)
    client.post("/sign-in/code", data={"email": email, "code": "123456"}, environ_base=source)
    for _ in range(7):
        client.post("/sign-in", data={"email": email}, environ_base=source)
    client.get("/tasks", headers={"Accept": "application/json"}, environ_base=source)
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines() if '"security"' in line]
    assert {"password_wrong", "code_wrong", "throttled", "refused"} <= {line["what"] for line in lines}
    assert {line["source"] for line in lines} == {"203.0.113.9"}
    assert len({line["account"] for line in lines if "account" in line}) == 1, "tries at one account can be counted"
    assert "canary" not in (out + err).lower()
    assert app


# Whom a facilitator may take into their group


def add(world: World, token: str, email: str) -> tuple[int, str]:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    form = {"email": email, "full_name": "Some Name", "shown_name": "Some"}
    answer = client.post(f"/groups/{world.here.ids['cohort_id']}/add", data=form)
    return answer.status_code, answer.text


def stranger_in(world: World) -> str:
    """The address of a patient of the service who is in another group."""
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        places = select(Person).join(Enrolment, col(Enrolment.person_id) == col(Person.id))
        own = world.here.ids["cohort_id"]
        service_id = db.get_one(Enrolment, world.here.ids["enrolment_id"]).service_id
        found = db.exec(places.where(Enrolment.cohort_id != own, Person.service_id == service_id)).first()
        assert found is not None
        return found.email


def test_a_facilitator_takes_nobody_into_their_group_by_an_address_alone(world: World) -> None:
    email, before = stranger_in(world), len(rows(world, "refused"))
    status, page = add(world, world.here.tokens[Role.FACILITATOR], email)
    assert (status, "Ask your clinical lead" in page) == (400, True)
    assert len(rows(world, "refused")) == before + 1
    status, page = add(world, world.here.tokens[Role.ADMINISTRATOR], email)
    assert (status, "Is this the right person?" in page) == (200, True)


def test_a_facilitator_still_adds_somebody_new(world: World) -> None:
    assert add(world, world.here.tokens[Role.FACILITATOR], "new.person@example.org")[0] == 302


def test_the_words_do_not_tell_whether_an_address_is_staff(world: World) -> None:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        service_id = db.get_one(Enrolment, world.here.ids["enrolment_id"]).service_id
        wanted = select(Person).where(Person.service_id == service_id, Person.kind == Kind.STAFF)
        email = db.exec(wanted).first().email  # type: ignore[union-attr]
    status, page = add(world, world.here.tokens[Role.FACILITATOR], email)
    assert (status, "Ask your clinical lead" in page) == (400, True)
