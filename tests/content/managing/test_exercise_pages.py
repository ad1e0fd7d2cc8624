"""The exercise library as patients and staff read it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.programme.plan.loading import shipped
from tests.support.content.house import House, open_house


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture
def patient(house: House) -> FlaskClient:
    return house.client(house.patient)


def test_the_library_lists_every_move_and_says_when_to_stop(patient: FlaskClient) -> None:
    page = patient.get("/exercises").text
    for move in shipped().exercises.values():
        assert f'href="/exercises/{move.id}"' in page
        assert move.name in page
    assert "Call 999" in page
    assert "You feel dizzy, sick or faint." in page


def test_a_move_has_its_steps_dose_easier_and_harder_in_each_way(patient: FlaskClient) -> None:
    page = patient.get("/exercises/ex-sit-to-stand").text
    move = shipped().exercises["ex-sit-to-stand"]
    for way in ("sitting", "standing", "lying"):
        assert all(line in page for line in move.variants[way])
        assert f'src="/exercises/ex-sit-to-stand/{way}/still.svg"' in page
    for words in (move.dose_start, move.dose_build, move.easier, move.harder, *move.stop_if):
        assert words in page


def test_notes_for_clinicians_are_for_clinicians(house: House, patient: FlaskClient) -> None:
    assert "Postural hypotension" not in patient.get("/exercises/ex-sit-to-stand").text
    assert "Postural hypotension" in house.client(house.facilitator).get("/exercises/ex-sit-to-stand").text


def test_a_drawing_may_be_seen_and_kept_by_anyone(client: FlaskClient) -> None:
    answer = client.get("/exercises/ex-march/lying/moving.svg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert client.get("/exercises/ex-nothing/lying/moving.svg").status_code == 404
    assert client.get("/exercises/ex-march/flying/moving.svg").status_code == 404


def test_a_move_that_is_not_in_the_library_is_not_found(patient: FlaskClient) -> None:
    assert patient.get("/exercises/ex-nothing").status_code == 404
