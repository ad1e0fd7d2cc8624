"""A clinical lead signs a translation by name, and takes the signature back. The words are signed, not the file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.adopted.services import in_use
from backtolife.programme.guides.page_words import page_drafts
from backtolife.programme.guides.rules import Draft, drafts
from backtolife.programme.signed.models import GuideSignature
from backtolife.programme.signed.standing import signatures

CHANGED = "These words have changed since you opened the page. Read them again, then sign."
GONE = "There is no such translation. It may have been replaced. Go back to the list."


@dataclass(frozen=True)
class Translation:
    """A draft with the signature that stands for these very words, if any."""

    draft: Draft
    signature: GuideSignature | None
    signer: str

    @property
    def key(self) -> str:
        return f"{self.draft.guide.id}.{self.draft.guide.language}"


def translations(db: Db, *, actor: Actor) -> list[Translation]:
    """The drafts of the programme that is shipped and of those that groups of the service follow, each once."""
    authorise(actor, "wording.sign", actor)
    stand = signatures(db, actor.service_id)
    names = names_of(db, {row.signed_by for row in stand.values()})
    of_plans = [draft for plan in in_use(db, actor.service_id) for draft in drafts(plan)]
    found = {draft.digest: draft for draft in (*of_plans, *page_drafts())}
    rows = [(draft, stand.get(draft.digest)) for draft in found.values()]
    return [Translation(draft, row, names.get(row.signed_by, "") if row else "") for draft, row in rows]


def names_of(db: Db, people: Collection[str]) -> Mapping[str, str]:
    return {each.id: each.full_name for each in db.exec(select(Person).where(col(Person.id).in_(people)))}


def translation_called(db: Db, *, actor: Actor, key: str, digest: str = "") -> Translation:
    """The one with this key and, where given, this digest; else the newest of its key. Raises NotFound."""
    called = [each for each in translations(db, actor=actor) if each.key == key]
    if not called:
        raise NotFound(GONE)
    return next((each for each in called if each.draft.digest == digest), called[0])


def sign(db: Db, *, actor: Actor, key: str, digest: str, now: datetime) -> GuideSignature:
    """Sign the words with this digest; once is enough. Raises Conflict where they are not those any more."""
    found = translation_called(db, actor=actor, key=key, digest=digest)
    if found.draft.digest != digest:
        raise Conflict(CHANGED)
    one_at_a_time(db, f"guides:{actor.service_id}")
    standing = signatures(db, actor.service_id).get(digest)
    if standing is not None:
        return standing
    guide = found.draft.guide
    row = GuideSignature(
        service_id=actor.service_id,
        guide=guide.id,
        language=guide.language,
        digest=digest,
        signed_by=actor.id,
        signed_at=now,
    )
    db.add(row)
    db.flush()
    note(db, actor, "guide_signed", row, now)
    return row


def withdraw(db: Db, *, actor: Actor, key: str, digest: str, now: datetime) -> None:
    """Take the signature of these words back: from now on nobody reads them. A second time does nothing."""
    translation_called(db, actor=actor, key=key)
    one_at_a_time(db, f"guides:{actor.service_id}")
    row = signatures(db, actor.service_id).get(digest)
    if row is not None:
        row.withdrawn_by, row.withdrawn_at = actor.id, now
        note(db, actor, "guide_signature_withdrawn", row, now)


def note(db: Db, actor: Actor, action: str, row: GuideSignature, now: datetime) -> None:
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="guide",
        subject_id=row.id,
        now=now,
        guide=row.guide,
        language=row.language,
    )
