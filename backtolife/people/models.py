"""Who exists: services, people, the ways they sign in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from backtolife.database.closed import ClosedDay, ClosedText
from backtolife.database.session import Row, UTCDateTime, choice, new_id
from backtolife.mail.channels import Channel

EMPTY = {"server_default": ""}
BORN = ClosedDay("person.date_of_birth", marked_in="born_mark")
"""A date of birth is encrypted; equal ones of a service are found by their marks."""


class Role(StrEnum):
    """What someone is here for. Roles decide what may be done; service and cohort decide to whom."""

    PATIENT = "patient"
    FACILITATOR = "facilitator"
    CLINICAL_LEAD = "clinical_lead"
    SERVICE_LEAD = "service_lead"
    DUTY_CLINICIAN = "duty_clinician"
    ADMINISTRATOR = "administrator"
    COMPANION = "companion"
    """An interpreter or carer beside a patient, in one live session and nowhere else."""
    OBSERVER = "observer"
    """Somebody from the team who looks on, in one live session and nowhere else."""


class Kind(StrEnum):
    """Which of the kinds of people somebody is: this never changes. What staff may do, their roles say."""

    PATIENT = "patient"
    STAFF = "staff"
    COMPANION = "companion"
    OBSERVER = "observer"


GUESTS = frozenset({Role.COMPANION, Role.OBSERVER})
"""Who is invited to one live session; they have no account to come back to."""
STAFF = frozenset(Role) - {Role.PATIENT} - GUESTS
"""The roles of those who work here. A person holds one or several of them; patients and guests are one thing only."""
GUEST_KINDS = frozenset({Kind.COMPANION, Kind.OBSERVER})


class Service(SQLModel, table=True):
    """One row: a clinical service. It is the tenant; every other row points here, and its own id is its service."""

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=String(32))
    name: str = Field(sa_type=String(60))
    short_name: str = Field(sa_type=String(18))
    phone: str = Field(sa_type=String(20))
    zone: str = Field(default="Europe/London", sa_type=String(64))
    country: str = Field(default="", sa_type=String(6), sa_column_kwargs={"server_default": ""})
    """Whose bank holidays count, such as DK or GB-SCT; empty: the country of the zone."""
    colour: str = Field(default="", sa_type=String(7), sa_column_kwargs={"server_default": ""})
    """Its colour, such as #0e5f5b; empty: ours."""
    keep_years: int = Field(default=8, sa_column_kwargs={"server_default": "8"})
    """How many years after its group has ended a person's record is kept, as its people are told."""
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often its own page was changed: whoever saves must have seen the newest."""
    course_first: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a facilitator must have signed the course before they get a group; else it is said, and no more."""
    set_up_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When somebody put the list of what to set up away."""
    covers_item_9: bool = True
    """Whether a named clinician sees a PHQ-9 item 9 alert on the same working day; else PHQ-8 is asked."""
    rehearsal: bool = False
    """Made for one rehearsal, with nobody real in it, and gone with it. No figure, list or job looks at one."""
    identifier_systems: list[str] | None = Field(default=None, sa_type=JSON)
    """Keys of `people.identity.systems` whose numbers are kept; None while the service has not chosen."""
    created_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def service_id(self) -> str:
        return self.id


class Person(Row, table=True):
    """One row: someone who may sign in. Names stay in this table; other rooms hold the id."""

    __table_args__ = (
        Index(
            "uq_person_one_address",
            "service_id",
            "email",
            unique=True,
            sqlite_where=text("NOT shares_address"),
            postgresql_where=text("NOT shares_address"),
        ),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    kind: Kind = Field(sa_type=choice(Kind, "kind"))
    email: str = Field(sa_type=String(254), index=True)
    shares_address: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Of a patient: another one of the service has the same e-mail address, and staff said that they are two."""
    full_name: str = Field(sa_type=String(120))
    shown_name: str = Field(sa_type=String(40))
    """What the group sees: a first name, or a name the person chose."""
    job: str = Field(default="", sa_type=String(40))
    phone: str = Field(default="", sa_type=String(20))
    channel: Channel = Field(default=Channel.EMAIL, sa_type=choice(Channel, "channel"))
    others_read: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Others may read what is sent to them: nothing goes out before one of staff has looked."""
    text_from: int = Field(default=8, sa_column_kwargs={"server_default": "8"})
    text_until: int = Field(default=20, sa_column_kwargs={"server_default": "20"})
    """The hours, on the wall's clock, between which texts may come."""
    emergency_name: str = Field(default="", sa_type=ClosedText("person.emergency_name"))
    emergency_phone: str = Field(default="", sa_type=ClosedText("person.emergency_phone"))
    date_of_birth: date | None = Field(default=None, sa_type=BORN)
    born_mark: str | None = Field(default=None, index=True, sa_type=String(64))
    """Of the day of birth: equal days of one service have equal marks."""
    address: str = Field(default="", sa_type=ClosedText("person.address"), sa_column_kwargs=EMPTY)
    """Where a patient lives: where help goes when they need it in a session at home."""
    clinician: str = Field(default="", sa_type=ClosedText("person.clinician"), sa_column_kwargs=EMPTY)
    """Of a patient: their GP or other usual clinician, with the practice."""
    clinician_phone: str = Field(default="", sa_type=ClosedText("person.clinician_phone"), sa_column_kwargs=EMPTY)
    needs: list[str] | None = Field(default=None, sa_type=JSON)
    """What a patient needs to take part: keys of `people.needs.kinds`; None where nobody has asked them yet."""
    needs_language: str = Field(default="", sa_type=ClosedText("person.needs_language"), sa_column_kwargs=EMPTY)
    """Which language a patient speaks best: a tag of `text.languages`, or words of before there was a list."""
    message_language: str = Field(default="", sa_type=ClosedText("person.message_language"), sa_column_kwargs=EMPTY)
    """In which language a patient would like to be written to: a tag; empty for the programme's own."""
    needs_words: str = Field(default="", sa_type=ClosedText("person.needs_words"), sa_column_kwargs=EMPTY)
    password_hash: str = Field(default="", sa_type=String(200))
    active: bool = True
    created_at: datetime = Field(sa_type=UTCDateTime)
    access_confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Of staff: when somebody last looked whether they still need their access."""
    died_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When we recorded that the person had died. From then on nothing is sent to them and they cannot sign in."""
    invited_to: str | None = Field(default=None, index=True, sa_type=String(32))
    """Of a guest: the one group session they are invited to."""
    beside_id: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    """Of a companion: the patient they sit beside."""
    whole_course: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Of a companion: booked for every session of their patient; `invited_to` is the one they came to last."""
    beside_place_id: str | None = Field(default=None, index=True, sa_type=String(32))
    """Of one who is booked for the course: the place of their patient in it. Another course is another place."""
    guest_email: str = Field(default="", sa_type=ClosedText("person.guest_email"), sa_column_kwargs=EMPTY)
    """Of one who is booked for the course: where they get mail. Several may share it, for nobody signs in by it."""
    merged_into_id: str | None = Field(default=None, foreign_key="person.id", index=True, sa_type=String(32))
    """Of a patient who was recorded twice: the record that goes on. This one only keeps what was written in it."""

    @property
    def owner_id(self) -> str:
        return self.id

    @property
    def is_staff(self) -> bool:
        return self.kind is Kind.STAFF

    @property
    def is_patient(self) -> bool:
        return self.kind is Kind.PATIENT

    @property
    def is_guest(self) -> bool:
        return self.kind in GUEST_KINDS

    @property
    def mail_to(self) -> str:
        """Where their e-mails go; empty for a guest without an address that we know."""
        return self.guest_email if self.is_guest else self.email

    @property
    def role_used(self) -> str:
        """What the audit log names where a patient or a guest acts; for staff their `Actor` knows it."""
        return "" if self.is_staff else self.kind.value


class RoleHeld(Row, table=True):
    """One row: a role that a member of staff holds in their service. What they may do is the union of their rows."""

    __tablename__ = "role_held"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        CheckConstraint("role NOT IN ('patient', 'companion', 'observer')", name="role_is_of_staff"),
    )

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    role: Role = Field(sa_type=choice(Role, "role"))
    given_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class Background(Row, table=True):
    """One row: what a patient told us about themselves so that the service can see whom it reaches.

    Each answer is a key of `people.traits`, "not_said" where they would rather not say, empty where they have not
    been asked. Shown to nobody but the person; others see counts, small ones hidden.
    """

    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    age: str = Field(default="", sa_type=String(20))
    sex: str = Field(default="", sa_type=String(20))
    ethnic_group: str = Field(default="", sa_type=String(20))
    support: str = Field(default="", sa_type=String(20))
    """The help with language they need to take part."""
    updated_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class LinkPurpose(StrEnum):
    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a password
    JOIN = "join"
    """A six-digit code that opens one group session on a device we do not know."""


class SignInLink(Row, table=True):
    """One row: a link or code sent to a person. Only hashes are kept; spent once, by a button press."""

    __tablename__ = "sign_in_link"

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    purpose: LinkPurpose = Field(sa_type=choice(LinkPurpose, "link_purpose"))
    token_hash: str = Field(unique=True, sa_type=String(64))
    code_hash: str = Field(default="", sa_type=String(64))
    browser_hash: str = Field(default="", index=True, sa_type=String(64))
    """Of the secret in the browser that asked: the code works there only. Empty where no browser did."""
    tries: int = 0
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    spent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class SignedIn(Row, table=True):
    """One row: a browser in which someone is signed in. Ending it here ends it everywhere at once."""

    __tablename__ = "signed_in"

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    token_hash: str = Field(unique=True, sa_type=String(64))
    started_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    browser: str = Field(default="", sa_type=String(60), sa_column_kwargs={"server_default": ""})
    """What it is called for its owner, such as “Chrome on Windows”."""
    expires_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    joins_only: bool = False
    """Opened by a remembered device: good for the next group session, not for the record."""
    sets_up_only: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Opened by a password alone where staff need a second step: good for setting one up, and for nothing else."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the person last showed again that it is them, which taking data away asks for."""
    second: str = Field(default="", sa_type=String(20), sa_column_kwargs={"server_default": ""})
    """What one of staff showed besides their password, such as “app” or “passkey”; empty: a password alone."""
    through_id: str | None = Field(default=None, foreign_key="person.id", index=True, sa_type=String(32))
    """Of a sign-in that was changed here from another service: the account whose password or passkey opened it."""
    shown_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Of such a sign-in: when that account's password or passkey was shown. None: when this one began."""

    @property
    def owner_id(self) -> str:
        return self.person_id


class RememberedDevice(Row, table=True):
    """One row: a browser that may open its person's next group session without signing in; 90 days, revocable."""

    __tablename__ = "remembered_device"

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    token_hash: str = Field(unique=True, sa_type=String(64))
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
