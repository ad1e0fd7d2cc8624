"""Who share one address and ask for a link get one letter, with a part for each: both will read it."""

from collections.abc import Sequence
from datetime import datetime

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.people.models import LinkPurpose, Person, Service
from backtolife.people.names import isolated
from backtolife.people.signing_in.messages import LINK_KEY, Ready
from backtolife.people.signing_in.signin import LINK_MINUTES

SUBJECTS = {LinkPurpose.SIGN_IN: "Your sign-in links", LinkPurpose.JOIN: "Your codes"}
"""For what somebody asks who may share an address; staff never do."""
LINK_AND_CODE = "{name}\nYour link to sign in: {link}\nOr type this code on the sign-in page: {code}"
CODE = "{name}\nYour code to join is: {code}"
BODY = (
    "Hello,\n\nMore than one person uses this e-mail address. Each of you has your own part below. "
    "Please use the one under your name.\n\n{parts}\n\n"
    "Each part works once, and for {minutes} minutes. Please do not share this e-mail with anyone else.\n\n"
    "If you did not ask for this, you can ignore it. If it worries you, call us on {phone}.\n\n{service}\n"
)


def queue_together(db: Db, ready: Sequence[Ready], now: datetime) -> None:
    """Queue the one letter to the people of one service who share an address."""
    first = ready[0]
    service, purpose = db.get_one(Service, first.person.service_id), first.issued.link.purpose
    words = LINK_AND_CODE if purpose is LinkPurpose.SIGN_IN else CODE
    names = names_of([each.person for each in ready])
    parts = [
        words.format(name=name, link=each.address, code=each.issued.code)
        for name, each in zip(names, ready, strict=True)
    ]
    delivery.queue(
        db,
        service_id=service.id,
        key=f"{LINK_KEY}{first.issued.link.id}",
        address=first.person.email,
        subject=SUBJECTS[purpose],
        body=BODY.format(
            parts="\n\n".join(parts), minutes=LINK_MINUTES, phone=service.phone, service=isolated(service.name)
        ),
        now=now,
        person_id=first.person.id,
        urgent=True,
    )


def names_of(people: Sequence[Person]) -> list[str]:
    """How each is called in the letter: by the name to show, or in full where two are called the same."""
    shown = [each.shown_name for each in people]
    return [isolated(each.shown_name if shown.count(each.shown_name) == 1 else each.full_name) for each in people]
