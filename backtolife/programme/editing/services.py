"""Drafts of a programme: begun from a version, saved when the loader accepts them, published for new groups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import adopt_programme, publish_files
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.editing.parts import PLAN, Page
from backtolife.programme.editing.refusing import kept
from backtolife.programme.editing.saying import said, saying
from backtolife.programme.plan.keeping import from_files
from backtolife.programme.plan.template import Programme
from backtolife.programme.versions.packing import LARGEST_PACKED, unpacked, unpacked_beside
from backtolife.programme.versions.services import NOT_FOUND, find_readable, versions_of

PUBLISHED = "Somebody published this draft meanwhile: it cannot be changed any more. Start a new draft of that version."
PUT_ASIDE = "This draft is put aside. Bring it back on the page “The programme”, then try again."
SINGLE = (".yaml", ".yml")
LONGEST_NAME = 120


def drafts_of(db: Db, service_id: str) -> list[ProgrammeDraft]:
    """The service's drafts, the one changed last first, discarded ones too."""
    row = ProgrammeDraft
    wanted = select(row).where(row.service_id == service_id).order_by(col(row.changed_at).desc(), col(row.id))
    return list(db.exec(wanted))


def based_on(db: Db, drafts: Sequence[ProgrammeDraft]) -> dict[str, str]:
    """The number of the version that each draft was begun from, by that version's id."""
    row = AdoptedProgramme
    wanted = select(row.id, row.version).where(col(row.id).in_({each.based_on for each in drafts}))
    return dict(db.exec(wanted).all())


def find_draft(db: Db, draft_id: str, *, actor: Actor) -> ProgrammeDraft:
    draft = db.get(ProgrammeDraft, draft_id)
    if draft is None:
        raise NotFound(NOT_FOUND)
    authorise(actor, "programme.edit", draft)
    return draft


def begin(db: Db, *, version_id: str, actor: Actor, now: datetime) -> ProgrammeDraft:
    """A draft of this version, of the service or shared by another one; of what is shipped for no id."""
    version = to_begin_from(db, version_id, actor=actor, now=now)
    draft = started(db, files=version.files, based_on=version, actor=actor, now=now)
    trace(db, "programme_draft_begun", draft, actor, now, based_on=version.id)
    return draft


def bring_in(db: Db, *, name: str, data: bytes, version_id: str, actor: Actor, now: datetime) -> ProgrammeDraft:
    """A draft of what is in a file: a ZIP file with the whole programme, or one YAML file that takes the place of its
    kind in a version. Raises Invalid naming the file, the line and the rule it breaks; then nothing is kept.
    """
    if len(data) > LARGEST_PACKED:
        raise Invalid("The file is larger than 5 MB: a programme takes less than 1 MB. Choose the programme alone.")
    version = to_begin_from(db, version_id, actor=actor, now=now)
    name = name.replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]
    files = unpacked_beside(name, data, version.files) if name.lower().endswith(SINGLE) else unpacked(data)
    from_files(files, of_today=True)
    draft = started(db, files=files, based_on=version, actor=actor, now=now)
    draft.came_from = name
    trace(db, "programme_draft_brought", draft, actor, now, based_on=version.id)
    return draft


def to_begin_from(db: Db, version_id: str, *, actor: Actor, now: datetime) -> AdoptedProgramme:
    authorise(actor, "programme.edit", actor)
    return find_readable(db, version_id, actor=actor) if version_id else adopt_programme(db, actor=actor, now=now)


def started(
    db: Db, *, files: Mapping[str, str], based_on: AdoptedProgramme, actor: Actor, now: datetime
) -> ProgrammeDraft:
    draft = ProgrammeDraft(
        service_id=actor.service_id,
        based_on=based_on.id,
        files=dict(files),
        begun_at=now,
        changed_at=now,
        changed_by=actor.id,
    )
    db.add(draft)
    db.flush()
    return draft


def hold(db: Db, draft: ProgrammeDraft, *, aside: bool = False) -> None:
    """Read it again, nobody else's turn until the transaction ends.

    Raises Conflict where it was published meanwhile, or is put aside (allowed where `aside`).
    """
    one_at_a_time(db, f"programme_draft:{draft.id}")
    found = select(ProgrammeDraft).where(ProgrammeDraft.id == draft.id).execution_options(populate_existing=True)
    if db.exec(found).first() is None:
        raise Conflict(PUBLISHED)
    if draft.discarded_at is not None and not aside:
        raise Conflict(PUT_ASIDE)


def save(
    db: Db, *, draft: ProgrammeDraft, page: Page, typed: dict[str, Any], seen: int, actor: Actor, now: datetime
) -> None:
    """Keep what was typed on a page.

    Raises Conflict where somebody saved, published or put it aside meanwhile, Refused naming each field that breaks a
    rule.
    """
    authorise(actor, "programme.edit", draft)
    hold(db, draft)
    if seen != draft.revision:
        who = db.get(Person, draft.changed_by)
        raise Conflict(
            f"{isolated(who.full_name) if who else 'Somebody'} saved this draft while you were typing. Your words are "
            "still here and not saved yet. Read what is different below, then save again."
        )
    files = kept(draft.files, page, typed)
    if files == draft.files:
        return
    keep(draft, files, {page.file: draft.files[page.file]}, actor, now)
    trace(db, "programme_draft_saved", draft, actor, now, file=page.file, revision=draft.revision)


def keep(
    draft: ProgrammeDraft, files: dict[str, str], before: dict[str, str | None], actor: Actor, now: datetime
) -> None:
    draft.files, draft.before, draft.revision = files, before, draft.revision + 1
    draft.changed_at, draft.changed_by = now, actor.id


def undo(db: Db, *, draft: ProgrammeDraft, seen: int, actor: Actor, now: datetime) -> None:
    """Put back what the last change replaced; once more brings the change back. Raises Conflict."""
    authorise(actor, "programme.edit", draft)
    hold(db, draft)
    if seen != draft.revision:
        raise Conflict("Somebody saved this draft meanwhile. Read what changed, then undo it if that is still right.")
    if draft.before:
        now_there = {file: draft.files.get(file) for file in draft.before}
        files = {file: text for file, text in {**draft.files, **draft.before}.items() if text is not None}
        keep(draft, files, now_there, actor, now)
        trace(db, "programme_draft_undone", draft, actor, now, revision=draft.revision)


def read(draft: ProgrammeDraft) -> Programme:
    """The draft as a programme; one that was begun from an older version may say what is not read today."""
    return from_files(draft.files)


def next_version(db: Db, draft: ProgrammeDraft) -> str:
    """The number after the highest that the service has."""
    numbers = [numbers_of(each.version) for each, _ in versions_of(db, draft.service_id)]
    numbers.append(numbers_of(str(said(draft.files[PLAN])["version"])))
    first, second, *_ = (*max(numbers), 0, 0)
    return f"{first}.{second + 1}.0"


def numbers_of(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split(".") if each.isdecimal()) or (1,)


def publish(db: Db, *, draft: ProgrammeDraft, version: str, actor: Actor, now: datetime) -> AdoptedProgramme:
    """New groups may begin with the draft under this number; the draft is done. Raises Invalid, Conflict."""
    authorise(actor, "programme.edit", draft)
    hold(db, draft)
    files = {**draft.files, PLAN: saying(draft.files[PLAN], {**said(draft.files[PLAN]), "version": version})}
    plan = from_files(files, of_today=True)
    row = publish_files(db, files=files, plan=plan, based_on=draft.based_on, actor=actor, now=now)
    db.delete(draft)
    return row


def discard(db: Db, *, draft: ProgrammeDraft, discarded: bool, actor: Actor, now: datetime) -> None:
    """Put the draft aside, or bring it back."""
    authorise(actor, "programme.edit", draft)
    hold(db, draft, aside=True)
    draft.discarded_at = now if discarded else None
    trace(db, "programme_draft_discarded" if discarded else "programme_draft_brought_back", draft, actor, now)


def trace(db: Db, action: str, draft: ProgrammeDraft, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="programme_draft", subject_id=draft.id, now=now, **detail)
