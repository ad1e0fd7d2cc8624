"""The form with which staff correct a patient's details."""

from dataclasses import asdict

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired

from backtolife.people.forms import VISIBLE, email_field, phone_field
from backtolife.people.identity.fields import IdentityForm
from backtolife.people.typed_fields import NoLonger
from backtolife.programme.patients.correcting import Details


class CorrectForm(IdentityForm):
    """Who the patient is and how they are reached."""

    full_name = StringField("Full name", [InputRequired("Enter their full name"), VISIBLE, NoLonger(120)])
    shown_name = StringField(
        "First name that the group sees", [InputRequired("Enter a first name"), VISIBLE, NoLonger(40)]
    )
    email = email_field(
        required="Enter their e-mail address",
        description="With a new address, every link that went to the old one stops working, and they sign in again.",
    )
    may_share = BooleanField(
        "They share this address with the other patient",
        description="Each letter greets the one it is for. Ask both whether the other may read it.",
    )
    asked_about = HiddenField()
    """The address at which the tick was asked for: it counts for no other one."""
    phone = phone_field("Phone number", own=False)
    emergency_name = StringField("Emergency contact", [VISIBLE, NoLonger(120)])
    emergency_phone = phone_field("Phone number of the emergency contact", own=False)
    send_again = BooleanField(
        "Send again what went to the old address or number",
        description="For a wrong one. They sign in again everywhere, and only what is still due goes out.",
    )
    seen = HiddenField()

    def details(self) -> Details:
        return Details(
            full_name=self.full_name.data or "",
            shown_name=self.shown_name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            emergency_name=self.emergency_name.data or "",
            emergency_phone=self.emergency_phone.data or "",
            **asdict(self.identity),
        )
