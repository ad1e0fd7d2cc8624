"""Made-up official words, as somebody types them on the page."""

from sqlmodel import Session

from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.typed import services
from backtolife.outcomes.typed.fields import questions, same_answers
from backtolife.people.models import Role, Service
from tests.support.factories import Factory

LICENCE = {"licence_holder": "Example Trust", "licence_reference": "L-123", "licence_expires_on": "2031-12-31"}


def typed_out(instrument: str, version: str = "1.0") -> dict[str, str]:
    """Every field of an instrument's page that has to be filled in, with words that nobody owns."""
    measure = load_instrument(instrument)
    asked = questions(measure)
    words = {
        "title": f"Example form {instrument}",
        "version": version,
        "url": f"https://example.org/{instrument}",
        "copyright": "© Example Trust",
        "intro": "Example instructions.",
        "lead_in": "In the last week:",
        **LICENCE,
    }
    words |= {f"all-{place}": f"Answer {place}" for place, _ in enumerate(same_answers(asked))}
    for each in asked:
        words[each.text] = f"Example question {each.number}?"
        if not same_answers(asked):
            words |= {each.answer(place): f"Answer {place}" for place, _ in enumerate(each.answers)}
    for each in asked[: measure.turned_on_form]:
        words[each.order] = "falling"
    return words


def being_typed(db: Session, make: Factory, service: Service, name: str) -> str:
    """The id of a form of the service that somebody begins to type, under this name."""
    actor = make.actor(make.person(service, Role.CLINICAL_LEAD))
    row = services.start(db, actor=actor, instrument="wsas", now=make.now)
    services.save(db, actor=actor, typed_id=row.id, sent={"title": name}, shown={}, now=make.now)
    return row.id
