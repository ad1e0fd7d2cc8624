"""The forms of guests: whom staff invite, and what a guest says before they come in."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Optional

from backtolife.mail.mail_address import address_kept
from backtolife.people.forms import VISIBLE, as_kept, checked_by, phone_field
from backtolife.people.typed_fields import NoLonger
from backtolife.sessions.guests.reach import Reach


class InviteForm(FlaskForm):
    """Whom staff invite to one session."""

    name = StringField(
        "What is their name?",
        [
            InputRequired("Enter the name that the group sees"),
            VISIBLE,
            NoLonger(40),
        ],
        description="The group sees this name, and why they are there.",
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        "Why are they coming?",
        [InputRequired("Choose why they are coming")],
        choices=[
            SelectChoice("companion", "They support a patient, such as an interpreter or a carer"),
            SelectChoice("observer", "Observer, from our team"),
        ],
    )
    beside = SelectField("Who are they supporting?", [Optional()], validate_choice=False)
    email = StringField(
        "Their e-mail address",
        [
            Optional(),
            NoLonger(254),
            Email("Enter an e-mail address in the right format, like name@example.com"),
            checked_by(address_kept),
        ],
        filters=[as_kept(address_kept)],
        description="We send them the link. Leave this empty to give it to them yourself.",
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )


class ReachForm(FlaskForm):
    """Where somebody is reached who is booked beside a patient for the whole course."""

    email = StringField(
        "Their e-mail address",
        [
            Optional(),
            NoLonger(254),
            Email("Enter an e-mail address in the right format, like name@example.com"),
            checked_by(address_kept),
        ],
        filters=[as_kept(address_kept)],
        description="We send them the link and the dates, and tell them when something changes.",
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    phone = phone_field("Their phone number", own=False)

    def prepare(self, *, texts: bool) -> None:
        """Say what becomes of the number: `texts` are sent by this service, or none."""
        self.phone.description = (
            "Without an e-mail address they get a text at a mobile number. Without both, you tell them yourself."
            if texts
            else "Without an e-mail address, you give them the link and tell them what changes."
        )

    def reach(self, *, texts: bool) -> Reach:
        """What was typed, as we keep it."""
        return Reach((self.email.data or "").strip(), self.phone.data or "", texts)


class BookForm(ReachForm):
    """Whom staff book beside a patient for the whole course."""

    name = InviteForm.name


class GuestReadyForm(FlaskForm):
    """What a guest is asked before the waiting room."""

    camera = RadioField(
        "Who can see you?",
        [Optional()],
        choices=[SelectChoice("everyone", "Everyone in the group"), SelectChoice("off", "Nobody. Camera off")],
        default="off",
    )
    private = BooleanField(
        "I keep what I see and hear here to myself",
        [InputRequired("Tick this to come in: people talk about their health here")],
    )
