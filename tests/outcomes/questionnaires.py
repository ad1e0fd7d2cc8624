"""Made-up official forms: our empty forms, filled in with words that nobody owns."""

import copy
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from backtolife.outcomes import importing
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.fhir_writing import template
from backtolife.outcomes.form_models import ImportedForm
from backtolife.outcomes.importing import Terms
from backtolife.outcomes.place import Place
from backtolife.people.access import System
from backtolife.people.models import Service

LICENCE = Terms("Example Trust", "L-123", date(2031, 12, 31))


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
        for place, option in enumerate(item.get("answerOption", [])):
            option["valueCoding"]["display"] = f"Answer {place}"
    return form


def imported(
    db: Session, service: Service, now: datetime, instrument: str = "pseq-10", form: dict[str, Any] | None = None
) -> ImportedForm:
    """A form that the service has loaded."""
    return importing.load(
        db,
        service=service,
        actor=System("test", service.id),
        file=Place("the file", "", form or filled(instrument)),
        now=now,
        terms=LICENCE,
    )
