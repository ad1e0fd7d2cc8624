"""Notes beside a video belong to their writer, who decides whether the team reads them."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.content import services
from backtolife.content.models import Video
from backtolife.content.watching import notes
from backtolife.errors import Invalid
from backtolife.people.access import OutOfReach, System
from backtolife.people.models import Person, Role, Service
from tests.support.factories import Factory


def first_video(db: Session, service: Service, now: datetime) -> Video:
    return services.adopt_scripts(db, service=service, actor=System("command", service.id), now=now)[0]


def test_only_what_is_shared_is_read_and_only_by_the_own_team(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    video, cohort = first_video(db, service, now), make.cohort(service)
    lead = make.actor(make.facilitator(cohort))
    elsewhere = make.actor(make.facilitator(make.cohort(service)))
    asha, ben = make.enrolment(cohort, "Asha"), make.enrolment(cohort, "Ben")
    for enrolment, with_team in ((asha, True), (ben, False)):
        writer = make.actor(db.get_one(Person, enrolment.person_id))
        notes.keep_note(
            db, actor=writer, enrolment=enrolment, video=video, words="Kneeling", with_team=with_team, now=now
        )
    db.flush()
    assert [(each.name, each.words) for each in notes.shared_notes(db, actor=lead, video=video, now=now)] == [
        ("Asha", "Kneeling")
    ]
    assert notes.shared_notes(db, actor=elsewhere, video=video, now=now) == []
    looks = db.exec(select(AuditEntry).where(AuditEntry.action == "note_read")).all()
    assert [(entry.actor_id, entry.subject_id) for entry in looks] == [(lead.id, asha.id)]
    assert make.actor(make.person(service, Role.ADMINISTRATOR)).cohort_ids == frozenset()


def test_a_note_is_replaced_not_doubled_and_has_a_limit(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    video, enrolment = first_video(db, service, now), make.enrolment(make.cohort(service))
    writer = make.actor(db.get_one(Person, enrolment.person_id))
    note = {"actor": writer, "enrolment": enrolment, "video": video, "with_team": False, "now": now}
    notes.keep_note(db, words="First", **note)
    notes.keep_note(db, words="Second", **note)
    kept = notes.note_of(db, enrolment_id=enrolment.id, video_id=video.id)
    assert kept is not None
    assert kept.words == "Second"
    with pytest.raises(Invalid):
        notes.keep_note(db, words="x" * (notes.LONGEST_NOTE + 1), **note)


def test_nobody_writes_in_somebody_elses_notes(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    video, cohort = first_video(db, service, now), make.cohort(service)
    mine, theirs = make.enrolment(cohort), make.enrolment(cohort)
    me = make.actor(db.get_one(Person, mine.person_id))
    other = make.actor(db.get_one(Person, theirs.person_id))
    with pytest.raises(OutOfReach):
        notes.keep_note(db, actor=other, enrolment=mine, video=video, words="x", with_team=False, now=now)
    assert notes.note_of(db, enrolment_id=mine.id, video_id=video.id) is None
    assert me.cohort_ids == {cohort.id}


def test_words_from_before_do_not_write_over_a_newer_note(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    video, enrolment = first_video(db, service, now), make.enrolment(make.cohort(service))
    writer = make.actor(db.get_one(Person, enrolment.person_id))
    note = {"actor": writer, "enrolment": enrolment, "video": video}
    notes.keep_note(db, words="On the phone", with_team=True, now=now, seen="", **note)
    with pytest.raises(notes.Newer) as newer:
        notes.keep_note(db, words="On the laptop", with_team=True, now=now + timedelta(minutes=1), seen="", **note)
    assert newer.value.note.words == "On the phone"
    chosen = notes.version_of(newer.value.note)
    kept = notes.keep_note(db, words="Both", with_team=False, now=now + timedelta(minutes=2), seen=chosen, **note)
    assert (kept.words, kept.with_team) == ("Both", False)
    again = notes.keep_note(db, words="Both", with_team=False, now=now + timedelta(minutes=3), seen=chosen, **note)
    assert again.words == "Both", "the same words twice are no conflict"
