"""The forms of signing in and of your details."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Optional, ValidationError

from backtolife.errors import Invalid
from backtolife.mail.mail_address import address_kept
from backtolife.people.names import clean_name
from backtolife.people.numbers import code_kept, phone_kept
from backtolife.people.role_words import ROLE_WORDS
from backtolife.people.typed_fields import NoLonger

EMAIL = {"autocomplete": "email", "type": "email", "spellcheck": False}
PHONE = {"autocomplete": "tel", "type": "tel"}


class Visible:
    """A name has something to see in it, and loses characters that hide or turn words. Empty is for others to judge."""

    def __call__(self, form: FlaskForm, field: StringField) -> None:
        if not (field.data or "").strip():
            return
        try:
            field.data = clean_name(field.data)
        except Invalid as error:
            raise ValidationError(error.message) from None


VISIBLE = Visible()


def as_kept(rule: Callable[[str], str]) -> Callable[[str | None], str | None]:
    """A field's filter: what was typed as we keep it; what does not fit stays as it is, to be shown again."""

    def kept(typed: str | None) -> str | None:
        try:
            return rule(typed) if typed else typed
        except Invalid:
            return typed

    return kept


def checked_by(rule: Callable[[str], str]) -> Callable[[object, Field], None]:
    """A field's validator: refuses what the rule refuses, in its words. What was refused before is told once."""

    def check(form: object, field: Field) -> None:
        del form
        if field.errors:
            return
        try:
            rule(field.data or "")
        except Invalid as error:
            raise ValidationError(error.message) from None

    return check


def email_field(
    label: str = _("E-mail address"), description: str = "", required: str = _("Enter your e-mail address")
) -> StringField:
    rules = [
        InputRequired(required),
        NoLonger(254),
        Email(_("Enter an e-mail address in the right format, like name@example.com")),
        checked_by(address_kept),
    ]
    return StringField(label, rules, filters=[as_kept(address_kept)], description=description, render_kw=EMAIL)


def phone_field(label: str, *, required: str = "", description: str = "", own: bool = True) -> StringField:
    """A phone number, however people write one. `required` says what to enter when it may not be empty."""
    first = InputRequired(required) if required else Optional()
    look = PHONE if own else {"type": "tel"}
    rules = [first, checked_by(phone_kept)]
    return StringField(label, rules, filters=[as_kept(phone_kept)], description=description, render_kw=look)


def code_field(description: str) -> StringField:
    """The six digits of a message, however they are typed or pasted."""
    return StringField(
        _("Six-digit code"),
        [InputRequired(_("Enter the six digits")), checked_by(code_kept)],
        filters=[as_kept(code_kept)],
        description=description,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class AskForm(FlaskForm):
    """A patient asks for a sign-in link."""

    email = email_field()


class CodeForm(FlaskForm):
    """The six digits from the message, where the link will not open on this device."""

    email = email_field()
    code = code_field(_("It is in the message we sent you."))


class SpendForm(FlaskForm):
    """The button that uses the link up."""

    remember = BooleanField(_("Remember this device, so I can join my group in two presses"))


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
    full_name = StringField("Their full name", [InputRequired("Enter their name"), VISIBLE, NoLonger(120)])
    shown_name = StringField("First name that groups see", [InputRequired("Enter a first name"), VISIBLE, NoLonger(40)])
    job = StringField("Job", [Optional(), NoLonger(40)], description="For example: physiotherapist")
    roles = SelectMultipleField(
        "Roles",
        [InputRequired("Choose at least one role")],
        choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()],
        description="One person can have several. They can then do what any of them can.",
    )


class DetailsForm(FlaskForm):
    """What anybody may change about themselves."""

    shown_name = StringField(
        _("Name to show"),
        [
            InputRequired(_("Enter the name that others should see")),
            VISIBLE,
            NoLonger(40),
        ],
        description=_("This is what your group sees. A first name is fine."),
        render_kw={"autocomplete": "nickname"},
    )
    phone = phone_field(_("Your phone number"))

    @property
    def emergency(self) -> tuple[str, str] | None:
        """Whom to call in an emergency, with their number; None where that is not asked."""
        return None

    @property
    def home(self) -> str | None:
        """Where they live; None where that is not asked."""
        return None


class PatientDetailsForm(DetailsForm):
    """A patient says as well where they live and whom we may call."""

    address = StringField(
        _("Home address"),
        [Optional(), NoLonger(160)],
        description=_("If you need help in a session at home, this is where we send it."),
        render_kw={"autocomplete": "street-address"},
    )
    emergency_name = StringField(
        _("Who should we call in an emergency?"),
        [Optional(), VISIBLE, NoLonger(120)],
        description=_("A person who can get to you. We only call them if we are worried about you."),
    )
    emergency_phone = phone_field(_("Their phone number"), own=False)

    def validate_emergency_name(self, field: StringField) -> None:
        """A name alone reaches nobody."""
        if (field.data or "").strip() and not field.errors and not (self.emergency_phone.data or "").strip():
            raise ValidationError(_("Enter their phone number as well, or leave the name empty"))

    @property
    def emergency(self) -> tuple[str, str]:
        return self.emergency_name.data or "", self.emergency_phone.data or ""

    @property
    def home(self) -> str:
        return self.address.data or ""
