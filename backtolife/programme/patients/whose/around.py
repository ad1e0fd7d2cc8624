"""What every page about one patient shows around its own: who it is about, and the way back."""

from dataclasses import dataclass

from flask import url_for

from backtolife.people.access import may
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients.whose.finding import Whose, address_of, find_whose


@dataclass(frozen=True)
class Back:
    """Where somebody goes who has done what they came for, and what the link there says."""

    to: str
    words: str


def asked_for(action: str, at: dict[str, str]) -> Whose:
    """Whose record the address `at` of a page names, for whoever asks. Raises NotFound out of reach."""
    return find_whose(db(), actor=actor(), action=action, **at)


def way_back(whose: Whose) -> Back:
    """To the group they have a place in; of somebody without one to their own page, or to the list of patients."""
    if isinstance(whose, Enrolment):
        name = isolated(db().get_one(Cohort, whose.cohort_id).name)
        return Back(url_for("cohort.show", cohort_id=whose.cohort_id), name)
    if may(actor(), "patient.lines", whose):
        name = isolated(db().get_one(Person, whose.person_id).full_name)
        return Back(url_for("patients.show", **address_of(whose)), name)
    return Back(url_for("patient_list.show"), "Patients")


def around(whose: Whose) -> dict[str, object]:
    """What a template about this patient is filled with: the person, what addresses of their pages name, the way
    back.
    """
    return {"person": db().get_one(Person, whose.person_id), "at": address_of(whose), "back": way_back(whose)}
