"""Who opens the link of a session: signed in, or on a device we remember; and whether they are in the group."""

from flask import abort, request

from backtolife.people.models import Person
from backtolife.people.request import actor_or_none, db, now
from backtolife.people.sign_in_pages.patients import device_cookie
from backtolife.people.signing_in import devices
from backtolife.programme.cohorts.left import HasLeft, left_words
from backtolife.sessions.room import services
from backtolife.sessions.room.models import GroupSession


def remembered() -> Person | None:
    """Whose device this is, for patients; staff always sign in."""
    token = request.cookies.get(device_cookie(), "")
    person = devices.person_of_device(db(), token=token, now=now()) if token else None
    return person if person is not None and person.is_patient else None


def known() -> Person | None:
    """The patient behind this request: signed in, or on a device we remember."""
    who = actor_or_none()
    person = db().get_one(Person, who.id) if who is not None else remembered()
    return person if person is not None and person.is_patient else None


def in_group(person: Person, group_session: GroupSession) -> bool:
    return person.service_id == group_session.service_id and services.may_join(
        db(), person_id=person.id, cohort_id=group_session.cohort_id
    )


def refuse_stranger(person: Person, group_session: GroupSession) -> None:
    """Somebody who was in the group reads whom to call; for a stranger there is no such session."""
    if not in_group(person, group_session):
        refuse_left(person, group_session)
        abort(404)


def refuse_left(person: Person | None, group_session: GroupSession) -> None:
    """Raise HasLeft for somebody who has left this group and holds no new place in it."""
    if person is None or in_group(person, group_session):
        return
    if words := left_words(db(), person_id=person.id, cohort_id=group_session.cohort_id):
        raise HasLeft(words)
