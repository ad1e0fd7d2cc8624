"""The forms of joining: getting ready, and the code for a device we do not know."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from backtolife.people.forms import VISIBLE, code_field, email_field, phone_field
from backtolife.people.typed_fields import NoLonger
from backtolife.sessions.room.warning_signs import EMERGENCY, NOT_TODAY, TODAY

SPACE = (
    ("chair", "A firm chair that does not roll"),
    ("room", "Room to stretch your arms"),
    ("private", "Others can’t see or hear my group"),
)
GROUPS = (EMERGENCY, TODAY, NOT_TODAY)
LATE_MINUTES = (5, 10, 20)
HOME = "At home"
WHERE = ((HOME, "At home"), ("At work", "At work"), ("Somewhere else", "I am somewhere else"))
NO_ADDRESS = "Enter the address where you are now, so that help can find you"
NOT_HOME = "You say you are not at home. Enter the address where you are now"


KNOWN_PHONE = "Leave this empty to use the number that your team has."
KNOWN_ADDRESS = "At home? Leave this empty to use the address that your team has."
KNOWN_CONTACT = "Leave this empty if it is the person that your team knows."


class ReadyForm(FlaskForm):
    """What we ask before a live session. Nothing that must be true is ticked beforehand."""

    camera = RadioField(
        "Who can see you?",
        [InputRequired("Choose who can see you")],
        choices=[SelectChoice("everyone", ""), SelectChoice("facilitators", ""), SelectChoice("off", "")],
    )
    where = RadioField(
        "Where are you today?",
        [InputRequired("Tell us where you are")],
        choices=[SelectChoice(*each) for each in WHERE],
    )
    address = StringField(
        "Where is that? Address or postcode",
        [NoLonger(160)],
        description="So we can send help to the right place. We delete it after the session.",
        render_kw={"autocomplete": "street-address"},
    )
    phone = phone_field(
        "Your phone number today",
        required="Enter a number we can ring if we lose you",
        description="We only use this if we lose you, or you need help.",
    )
    emergency_name = StringField(
        "Who should we call in an emergency?",
        [Optional(), VISIBLE, NoLonger(120)],
        description="Someone who can get to you.",
    )
    emergency_phone = phone_field("Their phone number", own=False)
    space = SelectMultipleField("Is your space ready?", choices=[SelectChoice(*each) for each in SPACE])
    flags = SelectMultipleField(
        "Since last time, do you have any of these?", choices=[SelectChoice(each, "") for each in GROUPS]
    )
    news = TextAreaField(
        "Anything else that is new?",
        [Optional(), NoLonger(500)],
        description="For example: new pain or new medicine. Only your team reads this.",
        render_kw={"rows": 2},
    )

    home_address = ""
    """Where they live, as the service knows it; it counts where they are at home and type nothing."""

    def validate_address(self, field: StringField) -> None:
        """Help must find them: where they are is known before they come in, and is no other place than they say."""
        if not self.where.data:
            return
        typed, at_home = " ".join((field.data or "").split()), self.where.data == HOME
        if not typed and not (at_home and self.home_address):
            raise ValidationError(NO_ADDRESS)
        if typed and not at_home and typed.casefold() == self.home_address.casefold():
            raise ValidationError(NOT_HOME)

    def hide_record(self, *, has_phone: bool, has_contact: bool) -> None:
        """On a remembered device nobody has shown who they are: what we hold is used, but not shown."""
        self.phone.data = self.emergency_name.data = self.emergency_phone.data = self.address.data = ""
        self.flags.data, self.news.data = [], ""
        if self.home_address:
            self.address.description = KNOWN_ADDRESS
        if has_phone:
            self.phone.description = KNOWN_PHONE
        if has_contact:
            self.emergency_name.description = KNOWN_CONTACT

    def leave_as_known(self, phone: str) -> None:
        """Left empty on a remembered device, the number we hold is used; so it is not asked for."""
        if phone and not (self.phone.data or "").strip():
            self.phone.validators = [Optional()]
            self.phone.description = KNOWN_PHONE

    @property
    def place(self) -> str:
        """Where the person is, in one line."""
        address = (self.address.data or "").strip() or (self.home_address if self.where.data == HOME else "")
        return f"{self.where.data}: {address}" if address else str(self.where.data)


class TickForm(FlaskForm):
    """One warning sign, ticked or taken off again."""

    sign = RadioField("Sign", [InputRequired()], choices=[SelectChoice(each, "") for each in GROUPS])
    ticked = BooleanField("Ticked")


class LateForm(FlaskForm):
    """I come, but later."""

    minutes = RadioField(
        "How late will you be?",
        [InputRequired("Choose how late you will be")],
        choices=[SelectChoice(str(each), f"{each} minutes") for each in LATE_MINUTES],
    )


class ComingForm(FlaskForm):
    """I cannot come to this session, or I come after all."""

    coming = RadioField(
        "Can you come?",
        [InputRequired("Say whether you can come")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )


class WhoForm(FlaskForm):
    """On a device we do not know: which address to send a code to."""

    email = email_field(description="We send a code to the address that your team has for you.")


class JoinCodeForm(FlaskForm):
    """The six digits, and whether this device is the person's own."""

    code = code_field("It is in the message we just sent you.")
    remember = BooleanField("This is my own device. Remember it, so I need no code next time")
