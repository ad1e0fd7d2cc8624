"""Filling in a message: what an SMS can carry, which gaps must be filled, what a subject must not give away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backtolife.errors import Invalid, NotFound
from backtolife.programme.plan.material import Placeholder
from backtolife.programme.plan.template import Programme
from backtolife.text.gsm import GSM_BASIC, GSM_EXTENDED, OTHER_ALPHABETS, SMS_CHARACTERS, in_the_alphabet

GAP = re.compile(r"\{([a-z_]+)\}")
HEALTH_WORDS = re.compile(
    r"\b(pain|painful|spine|spinal|physio\w*|clinic\w*|depress\w*|anxi\w*|mood|rehab\w*|diagnos\w*|suicid\w*"
    r"|phq\w*|gad\w*|rmdq\w*|score\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """Words ready to send. `subject` is empty for an SMS and a letter."""

    subject: str
    body: str


def gaps(text: str) -> list[str]:
    """The names of the placeholders in `text`, in order. Raises Invalid on a brace that is not part of one."""
    names = GAP.findall(text)
    if re.search(r"[{}]", GAP.sub("", text)):
        raise Invalid("a { or } that is not part of a placeholder such as {first_name}.")
    return names


def sms_length(text: str) -> int:
    """How many of the 160 places of one SMS `text` takes. Raises Invalid for a character outside GSM-7."""
    length = 0
    for character in text:
        if character in GSM_BASIC:
            length += 1
        elif character in GSM_EXTENDED:
            length += 2
        else:
            raise Invalid(f"{character!r} cannot be sent by SMS (it is not in the GSM-7 alphabet).")
    return length


def longest_sms(text: str, placeholders: Mapping[str, Placeholder]) -> int:
    """The places `text` takes when every placeholder is as long as it may be."""
    names = gaps(text)
    return sms_length(GAP.sub("", text)) + sum(placeholders[name].max_length for name in names)


def message(programme: Programme, template_id: str, channel: str, values: Mapping[str, str]) -> Message:
    """The message `template_id` for `channel` (email, sms or letter) with every placeholder filled from `values`.

    Raises NotFound when there is no such template or it has no words for the channel, and Invalid when a
    placeholder is missing or empty, a subject would break its line, or an SMS would not fit.
    """
    template = programme.messages.get(template_id)
    if template is None or channel not in template.bodies:
        raise NotFound(f"There is no {channel} message called {template_id!r} in this programme.")
    subject = fill(template_id, template.subject, values) if channel == "email" else ""
    body = fill(template_id, template.bodies[channel], values)
    if "\n" in subject or "\r" in subject:
        raise Invalid(f"The subject of {template_id} would run over a line. Take the line break out of the values.")
    if channel == "sms":
        refuse_long(template_id, body)
    return Message(subject, body)


def fill(template_id: str, text: str, values: Mapping[str, str]) -> str:
    """`text` with its gaps filled. What is filled in is never read for gaps again."""
    missing = [name for name in dict.fromkeys(gaps(text)) if not values.get(name, "").strip()]
    if missing:
        raise Invalid(f"The message {template_id} cannot be sent: {', '.join(missing)} is missing.", missing[0])
    return GAP.sub(lambda gap: values[gap.group(1)], text)


def refuse_long(template_id: str, body: str) -> None:
    """In another alphabet a text may take two parts: what fits one would say too little."""
    plain = in_the_alphabet(body)
    length = sms_length(body) if plain else len(body.encode("utf-16-le")) // 2
    most = SMS_CHARACTERS if plain else OTHER_ALPHABETS
    if length > most:
        raise Invalid(f"The SMS {template_id} would be {length} characters. It must fit {most}.")
