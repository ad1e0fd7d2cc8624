"""Every place in the database that names a person, and what becomes of it when two records of a patient are one.

A test fails for a foreign key to a person that is not decided on here.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from sqlalchemy import Column, Index, Table, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError

from backtolife.database.session import Db, metadata


class Fate(StrEnum):
    """What becomes of the rows of the record that does not go on."""

    MOVES = "moves"
    """It is the patient's: it goes to the record that goes on, unless that has its own in this place."""
    ENDS = "ends"
    """It let somebody in as the other record, and works no more; it stays where it is."""
    STAYS = "stays"
    """It says what was decided about the records themselves, who of staff did something, or who pressed."""


FATES: Mapping[str, Fate] = {
    **dict.fromkeys(
        (
            "attendance_correction.person_id",
            "background.person_id",
            "board_post.person_id",
            "board_report.person_id",
            "calendar_feed.person_id",
            "consent_answer.person_id",
            "emergency_look.person_id",
            "enrolment.person_id",
            "outgoing_message.person_id",
            "patient_note.person_id",
            "person.beside_id",
            "person_identifier.person_id",
            "phone_call.person_id",
            "seat.person_id",
            "trial_run.person_id",
            "waiting.person_id",
            "warning_sign.person_id",
        ),
        Fate.MOVES,
    ),
    **dict.fromkeys(
        (
            "authenticator.person_id",
            "draft.person_id",
            "linked_account.person_id",
            "organisation_account.person_id",
            "organisation_sign_in.person_id",
            "passkey.person_id",
            "recovery_code.person_id",
            "remembered_device.person_id",
            "sign_in_link.person_id",
            "signed_in.person_id",
            "signed_in.through_id",
        ),
        Fate.ENDS,
    ),
    **dict.fromkeys(
        (
            "access_review.by",
            "adopted_instrument.signed_by",
            "api_client.created_by",
            "api_client.revoked_by",
            "attendance_correction.by",
            "board_post.hidden_by",
            "chat_message.taken_back_by",
            "chosen_battery.chosen_by",
            "cohort_staff.person_id",
            "course_part.person_id",
            "course_signature.person_id",
            "course_signature.withdrawn_by",
            "comparator.imported_by",
            "dates_change.by",
            "duty_shift.person_id",
            "emergency_look.by",
            "emergency_look.reviewed_by",
            "erasure.asked_by",
            "erasure.called_off_by",
            "erasure.confirmed_by",
            "erasure.person_id",
            "fixed_margin.fixed_by",
            "goal.by",
            "guide_signature.signed_by",
            "guide_signature.withdrawn_by",
            "goal_words.by",
            "week_plan.by",
            "prescribed_exercise.by",
            "mail_check.person_id",
            "service_change.by",
            "map_version.by",
            "legal_hold.by",
            "legal_hold.lifted_by",
            "legal_hold.person_id",
            "group_session.lead_id",
            "group_session.spotter_id",
            "help_alert.closed_by",
            "help_alert.taken_by",
            "incident_record.by",
            "instrument_response.entered_by",
            "patient_note.by",
            "person.merged_into_id",
            "phone_call.by",
            "phone_call.replaced_by",
            "poll.asked_by",
            "record_pair.by",
            "record_pair.kept_id",
            "record_pair.other_id",
            "record_pair.undone_by",
            "rehearsal.person_id",
            "reopening.by",
            "report.made_by",
            "retention_proposal.person_id",
            "role_held.person_id",
            "role_proposed.decided_by",
            "role_proposed.person_id",
            "role_proposed.proposed_by",
            "safety_task.acknowledged_by",
            "safety_task.backup_id",
            "safety_task.closed_by",
            "safety_task.owner_id",
            "session_cover.person_id",
            "session_note.by",
            "staff_leave.person_id",
            "task_escalation.told_id",
            "task_note.by",
            "task_reopening.by",
            "task_reopening.closed_by",
            "task_reopening.taken_by",
            "typed_form.changed_by",
            "typed_form.started_by",
        ),
        Fate.STAYS,
    ),
}

ONE_HISTORY: Mapping[str, str] = {
    "attendance_correction.person_id": "group_session_id",
    "patient_note.person_id": "thread",
    "phone_call.person_id": "thread",
}
"""Where several rows are one history, which column they share. A history goes whole, with what was added since."""


def people_named() -> Iterator[tuple[str, Table, "Column[object]"]]:
    """Every column that names a person, as “table.column”."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "person.id" for key in column.foreign_keys):
                yield f"{table.name}.{column.name}", table, column


def move(db: Db, *, from_id: str, to_id: str) -> dict[str, list[str]]:
    """Give everything that is the patient's to another record. Returns the ids of what moved, by table and column.

    What the other record has already in the same place (its own seat in a session) stays where it was.
    """
    db.flush()
    moved = {}
    for name, table, column in people_named():
        if FATES[name] is not Fate.MOVES:
            continue
        ids = list(db.connection().execute(select(table.c.id).where(column == from_id)).scalars())
        went = give(db, table, column, ids, to_id)
        if went:
            moved[name] = went
    db.expire_all()
    return moved


def give(db: Db, table: Table, column: "Column[object]", ids: list[str], to_id: str) -> list[str]:
    """Let these rows name `to_id`. Returns those that could."""
    if not only_once(table, column):
        db.connection().execute(update(table).where(table.c.id.in_(ids)).values({column: to_id}))
        return ids
    went = []
    for each in histories(db, table, column, ids):
        try:
            with db.begin_nested():
                db.connection().execute(update(table).where(table.c.id.in_(each)).values({column: to_id}))
        except IntegrityError:
            continue
        went += each
    return went


def histories(db: Db, table: Table, column: "Column[object]", ids: list[str]) -> list[list[str]]:
    """The rows that go together, or not at all."""
    shared = ONE_HISTORY.get(f"{table.name}.{column.name}")
    if shared is None:
        return [[each] for each in ids]
    found: dict[str, list[str]] = {}
    for row in db.connection().execute(select(table.c.id, table.c[shared]).where(table.c.id.in_(ids))):
        found.setdefault(row[1], []).append(row[0])
    return list(found.values())


def only_once(table: Table, column: "Column[object]") -> bool:
    """Whether the table lets a person be there once only, alone or together with something else."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each.columns for each in table.indexes if isinstance(each, Index) and each.unique]
    return any(column.name in columns for columns in unique)


def move_back(db: Db, moved: Mapping[str, list[str]], *, from_id: str, to_id: str) -> None:
    """Undo `move`: what has gone elsewhere since is left there, and what was added to a history goes back with it."""
    db.flush()
    for name, table, column in people_named():
        if not (ids := moved.get(name)):
            continue
        theirs, shared = table.c.id.in_(ids), ONE_HISTORY.get(name)
        if shared is not None:
            theirs = table.c[shared].in_(select(table.c[shared]).where(theirs))
        db.connection().execute(update(table).where(theirs, column == from_id).values({column: to_id}))
    db.expire_all()
