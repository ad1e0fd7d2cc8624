"""The practice diary: written by the patient, perhaps without a link, and put right and taken out by them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.practice import rules
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import Week, Written
from backtolife.programme.practice.week import words_of_item

NO_ENTRY = "We could not find that entry. Open your diary again."
CHANGED_ELSEWHERE = "You changed this entry somewhere else since. Please look at it in your diary, and change it there."
TAKEN_OUT = "You took this entry out of your diary. Put it back first: it is at the end of your diary."
LONGEST_AGO = timedelta(days=366)


def keep_entry(
    db: Db,
    *,
    enrolment: Enrolment,
    key: str,
    written: Written,
    actor: Actor,
    now: datetime,
    edit: int = 0,
    ago: timedelta = timedelta(0),
    device_day: date | None = None,
) -> PracticeEntry:
    """Keep what a patient did. The same `key` again is the same entry: with a higher `edit` it was changed before we
    had answered. `ago` is how long the device kept it, `device_day` which day it was there.

    Raises Invalid for what cannot be, and Conflict when the entry was changed on a page of ours since.
    """
    authorise(actor, "practice.write", enrolment)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    kept = rules.kept(in_our_words(db, cohort, written), today=in_zone(now, cohort.zone).date())
    one_at_a_time(db, f"practice:{enrolment.id}")
    known = select(PracticeEntry).where(PracticeEntry.enrolment_id == enrolment.id, PracticeEntry.client_key == key)
    row = db.exec(known).first()
    if row is not None:
        return changed_before(row, kept, edit)
    row = PracticeEntry(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        client_key=key,
        edit=edit,
        day=kept.day,
        device_day=device_day,
        written_at=now - min(max(ago, timedelta(0)), LONGEST_AGO),
        arrived_at=now,
        item=kept.item,
        what=kept.what,
    )
    db.add(put(row, kept))
    db.flush()
    return row


def changed_before(row: PracticeEntry, kept: Written, edit: int) -> PracticeEntry:
    """The entry that came already, with what its writer changed before they knew."""
    if written_in(row) == kept or row.taken_out_at is not None:
        return row
    if row.changed_at is not None or edit <= row.edit:
        raise Conflict(CHANGED_ELSEWHERE)
    row.edit = edit
    return put(row, kept)


def in_our_words(db: Db, cohort: Cohort, written: Written) -> Written:
    """What was set is named in our words. What the programme does not know is kept in those of the writer's page."""
    words = words_of_item(programme_of(db, cohort), written.item)
    return replace(written, what=words) if words else replace(written, item=rules.OTHER)


def put(row: PracticeEntry, kept: Written) -> PracticeEntry:
    row.day, row.item, row.what, row.minutes, row.felt, row.note = (
        kept.day, kept.item, kept.what, kept.minutes, kept.felt, kept.note,
    )  # fmt: skip
    return row


def written_in(row: PracticeEntry) -> Written:
    return Written(row.day, row.item, row.what, row.minutes, row.felt, row.note)


def correct(db: Db, *, entry: PracticeEntry, written: Written, seen: int, actor: Actor, now: datetime) -> None:
    """Put an entry right; `seen` is how often it had been changed when the page was shown. The day then stands as said.

    Raises Invalid for what cannot be, Conflict when it was changed or taken out since.
    """
    enrolment = db.get_one(Enrolment, entry.enrolment_id)
    authorise(actor, "practice.write", enrolment)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    if written.item == entry.item and entry.item != rules.OTHER:
        written = replace(written, what=entry.what)
    else:
        written = in_our_words(db, cohort, written)
    kept = rules.kept(written, today=in_zone(now, cohort.zone).date())
    one_at_a_time(db, f"practice:{enrolment.id}")
    db.refresh(entry)
    if entry.taken_out_at is not None:
        raise Conflict(TAKEN_OUT)
    if entry.edit != seen and written_in(entry) != kept:
        raise Conflict(CHANGED_ELSEWHERE)
    put(entry, kept)
    entry.edit, entry.changed_at = entry.edit + 1, now


def take_out(db: Db, *, entry: PracticeEntry, actor: Actor, now: datetime) -> None:
    """Take an entry out of the diary; it can be put back."""
    authorise(actor, "practice.write", db.get_one(Enrolment, entry.enrolment_id))
    entry.taken_out_at = entry.taken_out_at or now


def put_back(db: Db, *, entry: PracticeEntry, actor: Actor) -> None:
    """Put an entry back into the diary. Raises NotFound for one that was deleted for good."""
    authorise(actor, "practice.write", db.get_one(Enrolment, entry.enrolment_id))
    if not entry.what:
        raise NotFound(NO_ENTRY)
    entry.taken_out_at = None


def delete_for_good(db: Db, *, entry: PracticeEntry, actor: Actor, now: datetime) -> None:
    """Nothing of the entry stays but its key, so that the device cannot bring it back."""
    authorise(actor, "practice.write", db.get_one(Enrolment, entry.enrolment_id))
    entry.taken_out_at = entry.taken_out_at or now
    entry.item, entry.what, entry.note, entry.minutes, entry.felt = rules.OTHER, "", "", None, None


def find_entry(db: Db, *, actor: Actor, entry_id: str) -> PracticeEntry:
    """One of the acting patient's own entries. Raises NotFound otherwise."""
    found = db.get(PracticeEntry, entry_id)
    if found is None:
        raise NotFound(NO_ENTRY)
    authorise(actor, "practice.write", db.get_one(Enrolment, found.enrolment_id))
    return found


@dataclass(frozen=True)
class Diary:
    """Somebody's entries, the newest day first; not those that were deleted for good."""

    there: list[PracticeEntry]
    taken_out: list[PracticeEntry]

    @property
    def weeks(self) -> list[Week]:
        return rules.by_week((each.day, each.minutes) for each in self.there)

    @property
    def days(self) -> list[tuple[date, list[PracticeEntry]]]:
        return [(day, list(each)) for day, each in groupby(self.there, key=lambda entry: entry.day)]


def diary_in(db: Db, enrolment: Enrolment) -> Diary:
    """The diary of this place."""
    wanted = select(PracticeEntry).where(PracticeEntry.enrolment_id == enrolment.id, PracticeEntry.what != "")
    rows = list(db.exec(wanted.order_by(col(PracticeEntry.day).desc(), col(PracticeEntry.written_at).desc())))
    return Diary([row for row in rows if not row.taken_out_at], [row for row in rows if row.taken_out_at])
