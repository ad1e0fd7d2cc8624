"""Who comes in without saying where they are or whom to ring: staff see it at the door, the group never."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({}, ["address", "contact"]),
        ({"address": "3 Elm Road"}, ["contact"]),
        ({"emergency_name": "Brian", "emergency_phone": "01632 960855"}, ["address"]),
        ({"emergency_name": "Brian"}, ["address", "contact"]),
        ({"address": "3 Elm Road", "emergency_name": "Brian", "emergency_phone": "01632 960855"}, []),
    ],
)
def test_staff_see_what_is_missing_to_reach_somebody_before_they_let_them_in(
    hall: Hall, told: dict[str, str], missing: list[str]
) -> None:
    linda = hall.group.patients[0]
    given = {"camera": "off", "where": "At home", "phone": "01632 960100", **told}
    page = f"/sessions/{hall.group.group_session.id}/get-ready"
    assert hall.browser(linda).post(page, data=given).status_code == 302
    lead = hall.connect(hall.group.lead)
    [seen] = [one for one in ask(lead, "state")["state"]["people"].values() if one["name"] == "Linda"]
    assert seen.get("missing", []) == missing
    hall.sit(hall.group.patients[1], admitted=True)
    others = ask(hall.connect(hall.group.patients[1]), "state")["state"]
    assert "missing" not in str(others)
