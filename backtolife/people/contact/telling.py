"""How a patient wants to be reached, in words: for staff who are about to ring or write, and for themselves."""

from backtolife.mail.channels import Channel
from backtolife.people.models import Person

SHORT = {
    Channel.EMAIL: "By e-mail.",
    Channel.SMS: "By text message.",
    Channel.TELEPHONE: "Only by telephone.",
}
OTHERS_READ = "Others may read their messages, so nothing goes out before one of you has looked."
OWN_OTHERS_READ = "Other people may read your messages."


def clock(hour: int) -> str:
    """8am, noon, midnight."""
    return {0: "midnight", 12: "noon", 24: "midnight"}.get(hour, f"{hour % 12}{'am' if hour < 12 else 'pm'}")


def way_in_words(person: Person, others: str = OTHERS_READ) -> str:
    """The channel, between which hours texts may come, and `others` where somebody else may read what is sent."""
    said = [SHORT[person.channel]]
    if person.channel is Channel.SMS:
        said.append(f"Texts come between {clock(person.text_from)} and {clock(person.text_until)}.")
    if person.others_read:
        said.append(others)
    return " ".join(said)
