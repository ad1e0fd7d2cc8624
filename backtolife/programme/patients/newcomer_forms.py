"""What every form asks that adds somebody new: who they are and how they are reached."""

from collections.abc import Collection

from wtforms import StringField
from wtforms.validators import InputRequired

from backtolife.errors import BacktolifeError
from backtolife.people.forms import VISIBLE, email_field, phone_field
from backtolife.people.identity.fields import IdentityForm
from backtolife.people.identity.systems import IdentifierSystem
from backtolife.people.typed_fields import NoLonger
from backtolife.programme.patients.newcomers import Newcomer


class NewcomerForm(IdentityForm):
    """A patient whom the service may not know yet."""

    full_name = StringField("Full name", [InputRequired("Enter their full name"), VISIBLE, NoLonger(120)])
    shown_name = StringField(
        "First name that the group sees", [InputRequired("Enter a first name"), VISIBLE, NoLonger(40)]
    )
    email = email_field(required="Enter their e-mail address")
    phone = phone_field("Phone number", own=False)

    def newcomer(self, systems: Collection[IdentifierSystem]) -> Newcomer:
        return Newcomer(
            full_name=self.full_name.data or "",
            shown_name=self.shown_name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            identity=self.identity,
            numbers=self.numbers(systems),
        )

    def say_wrong(self, error: BacktolifeError) -> None:
        """Say what was refused beside the field that it names; what is about none of them above the page."""
        name = getattr(error, "field", None)
        if name in self:
            self[name].errors = [error.message]
        else:
            self.form_errors.append(error.message)
