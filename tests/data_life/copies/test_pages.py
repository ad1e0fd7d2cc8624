"""A clinical lead makes a patient's copy; it leaves once, whole, after the password, and is put on record."""

import hashlib
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.access.test_every_route import World
from tests.data_life.asking import PASSWORD, client


def path(world: World) -> str:
    return f"/patients/{world.here.ids['enrolment_id']}/copy"


def test_the_copy_needs_the_password_and_holds_pages_data_and_who_looked(world: World) -> None:
    lead = client(world)
    assert lead.post(path(world)).status_code == 400
    lead.get(f"/patients/{world.here.ids['enrolment_id']}")
    answer = lead.post(path(world), data={"password": PASSWORD})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    page, data, looks = (archive.read(name).decode() for name in archive.namelist())
    assert archive.namelist() == ["about-you.html", "about-you.json", "who-looked.csv"]
    assert f"{world.here.canary} patient" in page
    assert {"person", "enrolment", "answer", "goal_words"} <= {part["table"] for part in json.loads(data)["parts"]}
    assert "The patient’s page" in looks
    for other in ("caller", "twice", "waits"):
        assert f"{world.here.canary} {other}" not in page + data
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "copy_made")).one()
    assert row.detail["sha256"] == hashlib.sha256(answer.data).hexdigest()


def test_sixteen_at_once_each_get_a_whole_one(world: World) -> None:
    assert client(world).post(path(world), data={"password": PASSWORD}).status_code == 200

    def made(_: int) -> bytes:
        return bytes(client(world).post(path(world)).data)

    with ThreadPoolExecutor(16) as threads:
        files = list(threads.map(made, range(16)))
    assert all(zipfile.ZipFile(io.BytesIO(each)).testzip() is None for each in files)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATOR, Role.PATIENT, Role.SERVICE_LEAD])
def test_nobody_else_makes_one(world: World, role: Role) -> None:
    assert client(world, role).post(path(world), data={"password": PASSWORD}).status_code == 403
