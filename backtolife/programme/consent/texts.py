"""The words a service asks its patients to agree to: what is in force, and how a new version comes into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import newest
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.consent.models import ConsentText
from backtolife.programme.consent.rules import ConsentKind, check_words
from backtolife.programme.plan.guide_parts import below_title
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme

SHIPPED_ID = {
    ConsentKind.DATA: "use-of-data",
    ConsentKind.LATER: "later-questions",
    ConsentKind.GP: "contact-gp",
}


@dataclass(frozen=True)
class Asked:
    """The words of one kind in force: the newest version, and the last one that asked everybody."""

    newest: ConsentText
    asking: ConsentText


@dataclass(frozen=True)
class Words:
    """A title and a body in Markdown, as somebody may begin a version from."""

    title: str
    body: str


def texts_of(db: Db, service_id: str) -> dict[ConsentKind, Asked]:
    """What is in force in the service, by kind; what was never published is left out. One statement."""
    wanted = select(ConsentText).where(ConsentText.service_id == service_id).order_by(col(ConsentText.version))
    return in_force(db.exec(wanted))


def in_force(texts: Iterable[ConsentText]) -> dict[ConsentKind, Asked]:
    """The same of every version that a service published, the oldest first."""
    found: dict[ConsentKind, Asked] = {}
    for text in texts:
        before = found.get(text.kind)
        asking = text if text.asks_again or before is None else before.asking
        found[text.kind] = Asked(text, asking)
    return {kind: found[kind] for kind in ConsentKind if kind in found}


def versions_of(db: Db, *, service_id: str, kind: ConsentKind) -> list[ConsentText]:
    """Every version that was ever published, the newest first."""
    wanted = select(ConsentText).where(ConsentText.service_id == service_id, ConsentText.kind == kind)
    return list(db.exec(wanted.order_by(col(ConsentText.version).desc())))


def shipped_words(kind: ConsentKind) -> Words:
    """The words that come with the product."""
    return words_in(shipped(), kind)


def words_here(db: Db, service_id: str, kind: ConsentKind) -> Words:
    """The words of the programme that new groups of the service begin with: its own version, else what is shipped."""
    return words_in(newest(db, service_id), kind)


def words_in(plan: Programme, kind: ConsentKind) -> Words:
    guide = plan.agreement if kind is ConsentKind.GROUP else plan.consents[SHIPPED_ID[kind]]
    return Words(guide.title, below_title(guide.body))


def publish(
    db: Db, *, kind: ConsentKind, words: Words, asks_again: bool, seen: int, actor: Actor, now: datetime
) -> ConsentText:
    """Put new words in force. `seen` is the newest version that the page showed (0 for none).

    The first version asks everybody, whatever `asks_again` says. Raises Conflict when somebody published meanwhile and
    Invalid for words that nobody could read.
    """
    authorise(actor, "consent.publish", actor)
    check_words(words.title, words.body)
    one_at_a_time(db, f"consent-text:{actor.service_id}:{kind}")
    earlier = versions_of(db, service_id=actor.service_id, kind=kind)
    newest = earlier[0].version if earlier else 0
    if newest != seen:
        raise Conflict(
            f"Somebody published version {newest} while you had this page open. Read it, then publish yours."
        )
    text = ConsentText(
        service_id=actor.service_id,
        kind=kind,
        version=newest + 1,
        title=words.title.strip(),
        body=words.body.strip(),
        asks_again=asks_again or not earlier,
        published_at=now,
        published_by=actor.id,
    )
    db.add(text)
    db.flush()
    if kind is ConsentKind.LATER and text.asks_again:
        # Every yes was to other words: nobody is asked after they left until they have said it again.
        yes = col(Enrolment.service_id) == actor.service_id, col(Enrolment.agreed_later).is_(True)
        db.execute(update(Enrolment).where(*yes).values(agreed_later=False))
    audit.record(
        db,
        actor=actor,
        action="consent_text_published",
        subject_type="consent_text",
        subject_id=text.id,
        now=now,
        kind=kind.value,
        version=text.version,
        asks_again=text.asks_again,
    )
    return text
