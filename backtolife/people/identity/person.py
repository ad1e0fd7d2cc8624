"""What is kept of who a person is beside their names: date of birth, address, and their usual clinician."""

from dataclasses import dataclass, fields, replace
from datetime import date

from backtolife.errors import Invalid
from backtolife.people.models import Person
from backtolife.people.numbers import phone_kept
from backtolife.text.characters import in_one_form

LONGEST_ADDRESS = 160
LONGEST_CLINICIAN = 160
EARLIEST = date(1900, 1, 1)
NOT_BORN_YET = "This date is in the future. Enter the date of birth."
TOO_LONG_AGO = "This date is before 1900. Enter the date of birth."


@dataclass(frozen=True, kw_only=True)
class Identity:
    """As staff type it. What they do not know stays empty."""

    date_of_birth: date | None = None
    address: str = ""
    clinician: str = ""
    """Their GP or other usual clinician, with the practice."""
    clinician_phone: str = ""

    def identity_kept(self, today: date) -> "Identity":
        """The same as we keep it. Raises Invalid, naming the field, for what cannot be true or is too long."""
        if self.date_of_birth is not None and self.date_of_birth > today:
            raise Invalid(NOT_BORN_YET, "date_of_birth")
        if self.date_of_birth is not None and self.date_of_birth < EARLIEST:
            raise Invalid(TOO_LONG_AGO, "date_of_birth")
        return replace(
            self,
            address=one_line(self.address, "address", LONGEST_ADDRESS),
            clinician=one_line(self.clinician, "clinician", LONGEST_CLINICIAN),
            clinician_phone=phone_of(self.clinician_phone, "clinician_phone"),
        )

    def give_to(self, person: Person) -> None:
        """Write it into the person's row."""
        for each in fields(Identity):
            setattr(person, each.name, getattr(self, each.name))


def one_line(typed: str, field: str, longest: int) -> str:
    words = " ".join(in_one_form("NFC", typed, field=field).split())
    if len(words) > longest:
        raise Invalid(f"Use at most {longest} characters", field)
    return words


def phone_of(typed: str, field: str) -> str:
    try:
        return phone_kept(typed)
    except Invalid as error:
        raise Invalid(error.message, field) from None
