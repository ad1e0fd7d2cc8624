"""Who belongs in a live room, and what somebody reads for whom it is shut."""

from backtolife.database.session import Db
from backtolife.errors import NotPermitted
from backtolife.people.models import Person
from backtolife.programme.cohorts.left import left_words
from backtolife.programme.consent.asking import taken_back_words
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import beside_may_join, may_join

NO_GUEST = "This invitation does not work any more. Please ask the team for a new link."


def why_shut(db: Db, *, person: Person, group_session: GroupSession) -> str:
    """What somebody reads who may not be in this room any more; empty where nothing about them shuts it.

    A patient who left the group, or took a yes back, reads that. Whoever sits beside them is told nothing of it.
    """
    cohort_id = group_session.cohort_id
    if person.is_guest:
        shut = not beside_may_join(db, person=person, cohort_id=cohort_id)
        return NO_GUEST if shut or (person.beside_id and taken_back_words(db, person.beside_id)) else ""
    if person.is_patient and not may_join(db, person_id=person.id, cohort_id=cohort_id):
        return left_words(db, person_id=person.id, cohort_id=cohort_id)
    return taken_back_words(db, person.id) if person.is_patient else ""


def refuse_shut(db: Db, *, person: Person, group_session: GroupSession) -> None:
    """Raise NotPermitted, with what they read, for somebody who may not be in this room any more."""
    if words := why_shut(db, person=person, group_session=group_session):
        raise NotPermitted(words)
