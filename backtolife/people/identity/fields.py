"""The fields in which staff type who somebody is: the same in every form that asks."""

from collections.abc import Collection
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Optional

from backtolife.people.forms import as_kept, checked_by, phone_field
from backtolife.people.identity.person import LONGEST_ADDRESS, Identity
from backtolife.people.identity.systems import IdentifierSystem, field_of
from backtolife.people.typed_fields import Day, NoLonger

AnyForm = TypeVar("AnyForm", bound=FlaskForm)
ADDRESS = NoLonger(LONGEST_ADDRESS)


def address_field(label: str = "Home address", description: str = "", **look: Any) -> StringField:
    return StringField(label, [Optional(), ADDRESS], description=description, render_kw=look or None)


class IdentityForm(FlaskForm):
    """What is asked of a patient's identity beside names and addresses; each may be left empty."""

    date_of_birth = Day("Date of birth", [Optional()], render_kw={"type": "date", "width": "10"})
    address = address_field(description="Where help is sent if they need it in a session. They can say another place.")
    clinician = StringField(
        "GP or other usual clinician",
        [Optional(), NoLonger(160)],
        description="Name and practice",
    )
    clinician_phone = phone_field("Phone number of the GP or other clinician", own=False)

    @property
    def identity(self) -> Identity:
        return Identity(
            date_of_birth=self.date_of_birth.data,
            address=self.address.data or "",
            clinician=self.clinician.data or "",
            clinician_phone=self.clinician_phone.data or "",
        )

    def numbers(self, systems: Collection[IdentifierSystem]) -> dict[str, str]:
        """What was typed of numbers, by system."""
        return {each.key: self[field_of(each.key)].data or "" for each in systems}

    def show_numbers(self, numbers: dict[str, str]) -> None:
        for key, number in numbers.items():
            if field_of(key) in self:
                self[field_of(key)].data = number


IDENTITY = ("date_of_birth", "address", "clinician", "clinician_phone")


def with_numbers(kind: type[AnyForm], systems: Collection[IdentifierSystem]) -> type[AnyForm]:
    """The form with one field more for each of these systems."""
    asked = {field_of(each.key): number_field(each) for each in systems}
    return type(kind.__name__, (kind,), {**asked, "__doc__": kind.__doc__})


def number_field(system: IdentifierSystem) -> StringField:
    return StringField(
        system.label,
        [Optional(), checked_by(system.checked)],
        filters=[as_kept(system.checked)],
        description=system.hint,
        render_kw={"autocomplete": "off", "spellcheck": False, "width": "20"},
    )
