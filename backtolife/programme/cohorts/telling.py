"""A person is told something in the programme's own words: by template, once, by the channel they chose."""

from collections.abc import Mapping
from datetime import datetime

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import message


def tell(
    db: Db,
    *,
    person: Person,
    template: str,
    key: str,
    values: Mapping[str, str],
    now: datetime,
    urgent: bool = False,
    calendar: str = "",
) -> bool:
    """Queue the message `template` to `person`, filled with `values` and with what every message may say.

    `key` names the cause: one cause never writes twice. `calendar` is a file that goes with an e-mail. Returns whether
    a message was queued. Raises NotFound for an unknown template and Invalid for a gap that nothing fills.
    """
    service = db.get_one(Service, person.service_id)
    filled = {
        "first_name": isolated(person.shown_name),
        "service_name": isolated(service.name),
        "service_short_name": isolated(service.short_name),
        "service_phone": service.phone,
        **values,
    }
    words = message(shipped(), template, "email", filled)
    queued = delivery.queue(
        db,
        service_id=service.id,
        key=key,
        address=person.email,
        subject=words.subject,
        body=words.body,
        now=now,
        person_id=person.id,
        urgent=urgent,
        calendar=calendar,
    )
    return queued is not None
