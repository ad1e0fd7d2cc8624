"""The forms of signing in and of your details."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from backtolife.people.models import Channel, Role

EMAIL = {"autocomplete": "email", "type": "email", "spellcheck": False}
PHONE = {"autocomplete": "tel", "type": "tel"}
PHONE_RULE = Regexp(r"^[+0-9][0-9 ()-]{6,19}$", message="Enter a phone number, like 01632 960001")
ROLE_WORDS = {
    Role.FACILITATOR: "Facilitator",
    Role.CLINICAL_LEAD: "Clinical lead",
    Role.SERVICE_LEAD: "Service lead",
    Role.DUTY_CLINICIAN: "Duty clinician",
    Role.ADMINISTRATOR: "Administrator",
}


def email_field(label: str = "E-mail address", description: str = "") -> StringField:
    rules = [
        InputRequired("Enter your e-mail address"),
        Email("Enter an e-mail address in the right format, like name@example.com"),
        Length(max=254),
    ]
    return StringField(label, rules, description=description, render_kw=EMAIL)


class AskForm(FlaskForm):
    """A patient asks for a sign-in link."""

    email = email_field()


class CodeForm(FlaskForm):
    """The six digits from the message, where the link will not open on this device."""

    email = email_field()
    code = StringField(
        "Six-digit code",
        [InputRequired("Enter the six digits"), Regexp(r"^\s*(\d\s*){6}$", message="Enter all six digits")],
        description="It is in the message we sent you.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SpendForm(FlaskForm):
    """The button that uses the link up."""

    remember = BooleanField("Remember this device, so I can join my group in two presses")


class PasswordForm(FlaskForm):
    """Staff sign in."""

    email = email_field()
    password = PasswordField("Password", [InputRequired("Enter your password")])


class NewPasswordForm(FlaskForm):
    """Staff choose a password, after an invitation or a reset."""

    password = PasswordField(
        "New password",
        [InputRequired("Enter a password")],
        description="At least 12 characters. Three or four words that do not belong together work well.",
    )


class ResetForm(FlaskForm):
    """Staff ask for a way back in."""

    email = email_field(description="We send you a link to choose a new password.")


class InviteForm(FlaskForm):
    """An administrator invites a member of staff."""

    email = email_field(label="Their e-mail address")
    full_name = StringField("Their full name", [InputRequired("Enter their name"), Length(max=120)])
    shown_name = StringField("First name that groups see", [InputRequired("Enter a first name"), Length(max=40)])
    job = StringField("Job", [Optional(), Length(max=40)], description="For example: physiotherapist")
    role = SelectField("Role", choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()])


class DetailsForm(FlaskForm):
    """What a person may change about themselves."""

    shown_name = StringField(
        "Name to show",
        [InputRequired("Enter the name that others should see"), Length(max=40, message="Use at most 40 letters")],
        description="This is what your group sees. A first name is fine.",
        render_kw={"autocomplete": "nickname"},
    )
    phone = StringField("Your phone number", [Optional(), PHONE_RULE], render_kw=PHONE)
    channel = RadioField(
        "How should we write to you?",
        choices=[SelectChoice(Channel.EMAIL.value, "E-mail"), SelectChoice(Channel.SMS.value, "Text message")],
        description="We only send what you need: links, dates and questions.",
    )
    emergency_name = StringField(
        "Who should we call in an emergency?",
        [Optional(), Length(max=120)],
        description="A person who can get to you. We only call them if we are worried about you.",
    )
    emergency_phone = StringField("Their phone number", [Optional(), PHONE_RULE], render_kw={"type": "tel"})
