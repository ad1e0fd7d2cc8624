"""What a newer version says anew, beside a draft; what is chosen of it goes into the draft, and can be undone there."""

from collections.abc import Collection
from datetime import datetime

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.editing.newer import Newer, newer_than
from backtolife.programme.editing.services import hold, keep, read, trace
from backtolife.programme.plan.keeping import from_files
from backtolife.programme.upstream.comparing import Change, changes, documents, taken_over
from backtolife.programme.upstream.wording import Told, Wording
from backtolife.programme.versions.services import NOT_FOUND

MEANWHILE = "Somebody saved this draft while you were reading. What you ticked is still ticked. Look again, then press."
GONE = "Some of it is in the draft already, or the draft changed. What you ticked is still ticked: look again."
NOTHING = "Tick what you want to take over."


def find(db: Db, draft: ProgrammeDraft, key: str) -> Newer:
    """Raises NotFound for what is no newer version of this draft."""
    found = next((each for each in newer_than(db, draft) if each.key == key), None)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def what_changed(draft: ProgrammeDraft, newer: Newer) -> list[Told]:
    """Each change that the draft does not have, in the words of the forms."""
    yours, new = documents(draft.files), documents(newer.files)
    wording = Wording(yours, new, read(draft), draft.files)
    return [wording.told(each) for each in changes(documents(newer.was), new, yours)]


def take_over(
    db: Db, *, draft: ProgrammeDraft, newer: Newer, keys: Collection[str], seen: int, actor: Actor, now: datetime
) -> int:
    """Put the chosen changes into the draft, as one save; how many. Its last change can be undone as any other.

    Raises Conflict where somebody saved meanwhile, Invalid for none, or for some that do not fit without others.
    """
    authorise(actor, "programme.edit", draft)
    hold(db, draft)
    if seen != draft.revision:
        raise Conflict(MEANWHILE)
    known = changes(documents(newer.was), documents(newer.files), documents(draft.files))
    chosen = [each for each in known if each.key in keys]
    if not keys:
        raise Invalid(NOTHING)
    if len(chosen) < len(set(keys)):
        raise Conflict(GONE)
    files = fitting(draft, newer, chosen)
    other = [file for file in {*files, *draft.files} if files.get(file) != draft.files.get(file)]
    keep(draft, files, {file: draft.files.get(file) for file in other}, actor, now)
    trace(db, "programme_changes_taken_over", draft, actor, now, version=newer.version, changes=len(chosen))
    return len(chosen)


def fitting(draft: ProgrammeDraft, newer: Newer, chosen: list[Change]) -> dict[str, str]:
    """The draft's files with the chosen changes. Raises Invalid where together they break a rule."""
    try:
        files = taken_over(draft.files, newer.files, chosen)
        from_files(files, of_today=True)
    except Invalid as error:
        raise Invalid(f"These do not work without others. Tick what belongs to them too. {error.message}") from error
    return files
