"""Made-up official forms: our empty forms, filled in with words that nobody owns."""

import copy
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.tables import empty_table
from backtolife.outcomes.fhir.writing import template
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.importing import Terms
from backtolife.outcomes.forms.models import ImportedForm
from backtolife.people.access import System
from backtolife.people.models import Service

FROM_ELSEWHERE = sorted((Path(__file__).parents[2] / "outcomes" / "cases" / "fhir").rglob("*.json"))
"""Forms as other people's programs write them, in folders by what is unusual in them."""
LICENCE = Terms("Example Trust", "L-123", date(2031, 12, 31))


def from_elsewhere(name: str) -> Path:
    """The one form of that name, without its ending."""
    (path,) = (path for path in FROM_ELSEWHERE if path.stem == name)
    return path


def filled(instrument: str, version: str = "1.0") -> dict[str, Any]:
    """The empty form of an instrument with made-up words in it."""
    form = copy.deepcopy(template(load_instrument(instrument)))
    form |= {
        "url": f"https://example.org/Questionnaire/{instrument}",
        "version": version,
        "title": f"Example form {instrument}",
        "copyright": "© Example Trust",
    }
    for number, item in enumerate(form["item"], start=1):
        item["text"] = f"Example question {number}?"
        for node, option in enumerate(item.get("answerOption", [])):
            option["valueCoding"]["display"] = f"Answer {node}"
    for item in form["item"][: load_instrument(instrument).turned_on_form]:
        item["answerOption"].reverse()
    return form


def made_up_table(instrument: str) -> bytes:
    """The empty table of an instrument filled in with values that nobody owns."""
    head, *rows = empty_table(load_instrument(instrument)).splitlines()
    return "\n".join([head, *(row + made_up_value(row.split(",")[1]) for row in rows)]).encode()


def made_up_value(key: str) -> str:
    """A sum is its own value, five answers lose a twentieth for each step down, a weight is half its answer."""
    if "=" in key or key == "constant":
        return str(int(key.partition("=")[2] or 80) / 2)
    return f"{1 - (sum(map(int, key)) - 5) / 20:.2f}" if len(key) == 5 else f"{key}.0"


def imported(
    db: Session,
    service: Service,
    now: datetime,
    instrument: str = "pseq-10",
    *,
    form: dict[str, Any] | None = None,
    table: bytes | None = None,
) -> ImportedForm:
    """A form that the service has loaded."""
    return importing.load(
        db,
        service=service,
        actor=System("test", service.id),
        file=JsonNode("the file", "", form or filled(instrument)),
        now=now,
        terms=LICENCE,
        table=table,
    )
