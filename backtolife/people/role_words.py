"""What the roles of staff are called on pages."""

from collections.abc import Collection

from backtolife.people.models import Role

ROLE_WORDS = {
    Role.FACILITATOR: "Facilitator",
    Role.CLINICAL_LEAD: "Clinical lead",
    Role.SERVICE_LEAD: "Service lead",
    Role.DUTY_CLINICIAN: "Duty clinician",
    Role.ADMINISTRATOR: "Administrator",
}


def in_words(roles: Collection[Role]) -> str:
    """“Facilitator, clinical lead”: always in the same order, empty for who does not work here."""
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in roles).capitalize()
