"""A person is told something in the programme's own words: by template, once, by the channel they chose."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from backtolife.config import LONGEST_LINK
from backtolife.database.session import Db
from backtolife.errors import Invalid, NotFound
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState
from backtolife.people.contact.routes import Route, route_for
from backtolife.people.contact.words import Words
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import message, sms_length
from backtolife.programme.plan.template import Programme
from backtolife.programme.plan.titles import in_language, in_signed_words, with_template
from backtolife.programme.signed.standing import signed_tag
from backtolife.text.gsm import TWO_PARTS, in_gsm, in_the_alphabet

DATES_AT = "Your dates for your calendar: {link}"
NOT_RUNG = frozenset({"reminder-1h", "offer-declined", "offer-not-now", "offer-not-reached", "waiting-not-reached"})
"""What nobody is rung about: they were a day before, said so themselves, or could not be reached by telephone."""


def tell(
    db: Db,
    *,
    person: Person,
    cohort: Cohort | None,
    template: str,
    key: str,
    values: Mapping[str, str],
    now: datetime,
    urgent: bool = False,
    calendar: str = "",
    calendar_link: str = "",
    at_once: bool = False,
    ring: str | None = None,
) -> bool:
    """Queue the message `template` of the group's programme to `person`, filled with `values` and with what
    every message may say; what is about no group, in the words that are shipped.

    `key` names the cause: one cause never writes twice. `calendar` is a file that goes with an e-mail, and
    `calendar_link` where a text, which holds no file, leads to one. `at_once`: in quiet hours too. `ring`: nothing is
    sent, and somebody rings this number, empty where there is none. Returns whether a message was queued. Raises
    NotFound for an unknown template and Invalid for a gap that nothing fills.
    """
    service = db.get_one(Service, person.service_id)
    programme = programme_of(db, cohort) if cohort is not None else shipped()
    # Who rings reads it first, and then says it.
    rung = ring is not None or person.channel is Channel.TELEPHONE
    language = "" if rung else person.message_language
    words = words_of(
        db, service, programme, template, {"first_name": isolated(person.shown_name), **values}, language=language
    )
    way = route_for(person, text=words.text, zone=service.zone, now=now, at_once=at_once)
    if ring is not None:
        way = Route(Channel.TELEPHONE, ring, MessageState.WAITING)
    if way.channel is Channel.TELEPHONE and template in NOT_RUNG:
        return False
    queued = delivery.queue(
        db,
        service_id=service.id,
        key=key,
        address=way.address,
        subject=words.subject,
        body=words.body,
        now=now,
        person_id=person.id,
        urgent=urgent,
        at_once=at_once,
        calendar=calendar,
        channel=way.channel,
        text=with_dates(words.text, calendar_link),
        state=way.state,
        not_before=way.not_before,
    )
    return queued is not None


def shipped_words(db: Db, service: Service, template: str, values: Mapping[str, str], language: str) -> Words:
    """What is about no group, such as signing in, in the words that are shipped."""
    return words_of(db, service, shipped(), template, values, language=language)


def words_of(
    db: Db, service: Service, programme: Programme, template: str, values: Mapping[str, str], *, language: str = ""
) -> Words:
    """A template in the service's name, in this language where its words in it are published or signed.

    Raises NotFound for an unknown one and Invalid for a gap that nothing fills.
    """
    filled = {
        "service_name": isolated(service.name),
        "service_short_name": isolated(service.short_name),
        "service_phone": service.phone,
        **values,
    }
    plan = with_template(programme, template)
    told = in_language(plan, template, language)
    if told is plan and language:
        told = in_signed_words(plan, template, signed_tag(db, service.id, language))
    mail = message(told, template, "email", filled)
    return Words(mail.subject, mail.body, as_text(told, template, filled))


def as_text(plan: Programme, template: str, filled: Mapping[str, str]) -> str:
    """The message as one text; empty where it has no such words, or they are too long with what fills them."""
    short = {name: in_gsm(value) for name, value in filled.items()}
    if "link" in short:
        short["link"] = short_link(short["link"])
    try:
        return message(plan, template, "sms", short).body
    except (Invalid, NotFound):
        return ""


def with_dates(text: str, link: str) -> str:
    """The text with where its dates are for a calendar; alone where there are none, or two parts cannot hold both."""
    longer = f"{text} {DATES_AT.format(link=link)}"
    fits = text and link and in_the_alphabet(text) and sms_length(longer) <= TWO_PARTS
    return longer if fits else text


def short_link(link: str) -> str:
    """The address, or the front of the site where that is all that a text holds: home leads on from there."""
    if len(link) <= LONGEST_LINK:
        return link
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"
