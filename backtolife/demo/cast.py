"""The made-up people of the demo. Their phone numbers are from the range kept for drama; nobody has them."""

from dataclasses import dataclass

from backtolife.people.models import Role

DOMAIN = "demo.example"
PASSWORD = "three quiet green hills"  # noqa: S105 - everybody may know it: the people are made up
"""What staff of the demo enter where the product asks them to sign in again; the page itself says it."""


@dataclass(frozen=True)
class Member:
    """Someone in the demo; `key` stands in the address that signs in as them."""

    key: str
    full_name: str
    roles: frozenset[Role]
    job: str = ""
    domain: str = DOMAIN

    @property
    def email(self) -> str:
        return f"{self.key}@{self.domain}"

    @property
    def shown_name(self) -> str:
        return self.full_name.split()[0]


STAFF = (
    Member("priya", "Priya Nair", frozenset({Role.FACILITATOR}), "physiotherapist"),
    Member("tom", "Tom Ellis", frozenset({Role.FACILITATOR}), "occupational therapist"),
    Member("grace", "Grace Adeyemi", frozenset({Role.CLINICAL_LEAD}), "psychologist"),
    Member("dan", "Dan Okoro", frozenset({Role.DUTY_CLINICIAN}), "nurse"),
    Member("jo", "Jo Bell", frozenset({Role.SERVICE_LEAD}), "service lead"),
    Member("sam", "Sam Reid", frozenset({Role.ADMINISTRATOR}), "administrator"),
)
ELSEWHERE = (
    Member(
        "grace", "Grace Adeyemi", frozenset({Role.CLINICAL_LEAD, Role.FACILITATOR}), "psychologist", "harbour.example"
    ),
    Member("lou", "Lou Farrell", frozenset({Role.ADMINISTRATOR}), "administrator", "harbour.example"),
)
"""Who works for the second service of the demo: Grace works for both, with one sign-in."""
NEW_GROUP = tuple(
    Member(key, name, frozenset({Role.PATIENT}))
    for key, name in (
        ("linda", "Linda Marsh"),
        ("maureen", "Maureen Kelly"),
        ("joseph", "Joseph Mensah"),
        ("dev", "Dev Patel"),
        ("karen", "Karen Doyle"),
        ("farah", "Farah Aziz"),
        ("alan", "Alan Hughes"),
        ("sian", "Siân Rees"),
    )
)
OLD_GROUP = tuple(
    Member(key, name, frozenset({Role.PATIENT}))
    for key, name in (
        ("mei", "Mei Chen"),
        ("pete", "Pete Lowe"),
        ("olu", "Olu Bankole"),
        ("ruth", "Ruth Carter"),
        ("imran", "Imran Shah"),
        ("agnes", "Agnes Nowak"),
        ("colin", "Colin Webb"),
        ("hana", "Hana Suzuki"),
        ("gwen", "Gwen Pryce"),
    )
)
LEFT = (Member("fred", "Fred Long", frozenset({Role.PATIENT})),)
"""Who was in the older group and left it."""
COMING = tuple(
    Member(key, name, frozenset({Role.PATIENT}))
    for key, name in (
        ("ivy", "Ivy Stone"),
        ("ben", "Ben Ward"),
        ("noor", "Noor Khan"),
        ("aled", "Aled Pugh"),
        ("nina", "Nina Frost"),
    )
)
"""To whom a place in the group after the next was offered: yes, no, not now, no answer yet, and one taken back."""
WAITING = tuple(
    Member(key, name, frozenset({Role.PATIENT})) for key, name in (("rosa", "Rosa Diaz"), ("ted", "Ted Moss"))
)
NOT_AGREED = ("alan",)
"""Who of the new group has not answered yet what the service asks them to agree to."""
EVERYONE = STAFF + NEW_GROUP + OLD_GROUP + LEFT + COMING + WAITING


def phone_of(number: int) -> str:
    return f"07700 900 {number:03}"
