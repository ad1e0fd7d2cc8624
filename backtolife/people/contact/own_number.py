"""The number on which a companion is rung: never the one of their patient, once that patient has died."""

from backtolife.database.session import Db
from backtolife.people.models import Person


def own_number(db: Db, companion: Person) -> str:
    """Where they are rung; empty where the number is that of their patient, who has died."""
    patient = db.get(Person, companion.beside_id) if companion.beside_id else None
    if patient is None or patient.died_at is None or dialled(companion.phone) != dialled(patient.phone):
        return companion.phone
    return ""


def dialled(number: str) -> str:
    """The digits as one dials them in the country."""
    digits = "".join(each for each in number if each.isdigit() or each == "+")
    return f"0{digits.removeprefix('+44')}" if digits.startswith("+44") else digits
