"""What a patient watched is kept, merged, and says what comes next."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.content import services
from backtolife.content.models import PackageState, Video, VideoPackage
from backtolife.content.watching import watched
from backtolife.content.watching.ranges import Range
from backtolife.content.watching.watched import Seen, record_watching
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, OutOfReach, System
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory

LENGTH_MS = 100_000


@pytest.fixture
def service(make: Factory) -> Service:
    return make.service()


@pytest.fixture
def enrolment(make: Factory, service: Service) -> Enrolment:
    make.noise()
    return make.enrolment(make.cohort(service))


@pytest.fixture
def patient(make: Factory, db: Session, enrolment: Enrolment) -> Actor:
    return make.actor(db.get_one(Person, enrolment.person_id))


def playable(db: Session, service: Service, now: datetime, *numbers: int) -> list[Video]:
    """All nine videos, of which those of sessions `numbers` can be played."""
    made = services.adopt_scripts(db, service=service, actor=System("command", service.id), now=now)
    for video in made:
        package = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).one()
        if video.session_number in numbers:
            package.state, package.duration_ms = PackageState.PLAYABLE, LENGTH_MS
    db.flush()
    return made


def test_reports_from_two_tabs_merge_in_any_order(
    db: Session, service: Service, enrolment: Enrolment, patient: Actor, now: datetime
) -> None:
    video = playable(db, service, now, 1)[0]

    def report(*ranges: Range, position: int) -> watched.Watching:
        return record_watching(
            db, actor=patient, enrolment=enrolment, video=video, ranges=ranges, position_ms=position, now=now
        )

    report(Range(30_000, 40_000), position=40_000)
    report(Range(0, 10_000), Range(9_000, 20_000), position=20_000)
    row = report(Range(20_000, 31_000), position=31_000)
    assert row.ranges == [[0, 40_000]]
    assert row.share == pytest.approx(0.4)
    assert row.position_ms == 31_000
    assert watched.watched_by_each(db, [enrolment.id]) == {enrolment.id: {1: row}}
    assert row.finished_at is None


def test_a_video_counts_as_watched_once_and_says_so_in_the_audit_log(
    db: Session, service: Service, enrolment: Enrolment, patient: Actor, now: datetime
) -> None:
    video = playable(db, service, now, 1)[0]
    for minutes in (0, 5):
        row = record_watching(
            db,
            actor=patient,
            enrolment=enrolment,
            video=video,
            ranges=[Range(0, 95_000)],
            position_ms=95_000,
            now=now + timedelta(minutes=minutes),
        )
    assert row.finished_at == now
    entries = select(AuditEntry).where(AuditEntry.action == "video_watched", AuditEntry.subject_id == enrolment.id)
    assert [entry.detail for entry in db.exec(entries)] == [{"session": 1}]


def test_a_new_package_begins_a_new_clock_but_watched_stays_watched(
    db: Session, service: Service, enrolment: Enrolment, patient: Actor, now: datetime
) -> None:
    video = playable(db, service, now, 1)[0]
    report = {"actor": patient, "enrolment": enrolment, "video": video, "now": now}
    record_watching(db, ranges=[Range(0, 99_000)], position_ms=99_000, **report)
    newer = VideoPackage(
        service_id=service.id,
        video_id=video.id,
        kind="upload",
        state=PackageState.READY,
        duration_ms=50_000,
        requested_by="command",
        requested_at=now + timedelta(days=1),
    )
    db.add(newer)
    db.flush()
    assert watched.lessons_of(db, enrolment=enrolment)[0].position_ms == 0
    row = record_watching(db, ranges=[Range(0, 5_000)], position_ms=5_000, **report)
    assert (row.package_id, row.ranges, row.share) == (newer.id, [[0, 5_000]], pytest.approx(0.1))
    assert row.finished_at == now
    assert watched.lessons_of(db, enrolment=enrolment)[0].seen is Seen.WATCHED


def test_what_cannot_be_is_refused(
    db: Session, service: Service, enrolment: Enrolment, patient: Actor, now: datetime
) -> None:
    first, second, *_ = playable(db, service, now, 1)
    with pytest.raises(Invalid):
        record_watching(
            db, actor=patient, enrolment=enrolment, video=first, ranges=[Range(9, 1)], position_ms=0, now=now
        )
    with pytest.raises(Invalid):
        many = [Range(at, at + 1) for at in range(300)]
        record_watching(db, actor=patient, enrolment=enrolment, video=first, ranges=many, position_ms=0, now=now)
    with pytest.raises(Conflict):
        record_watching(db, actor=patient, enrolment=enrolment, video=second, ranges=[], position_ms=0, now=now)


def test_nobody_records_for_somebody_else(
    make: Factory, db: Session, service: Service, enrolment: Enrolment, now: datetime
) -> None:
    video = playable(db, service, now, 1)[0]
    neighbour = make.enrolment(make.cohort(service, "Next door"))
    stranger = make.actor(db.get_one(Person, neighbour.person_id))
    with pytest.raises(OutOfReach):
        record_watching(db, actor=stranger, enrolment=enrolment, video=video, ranges=[], position_ms=0, now=now)


def test_the_nine_lessons_say_what_to_watch_next(
    db: Session, service: Service, enrolment: Enrolment, patient: Actor, now: datetime
) -> None:
    first, second, *_ = playable(db, service, now, 1, 2)
    report = {"actor": patient, "enrolment": enrolment, "now": now}
    record_watching(db, video=first, ranges=[Range(0, 100_000)], position_ms=100_000, **report)
    record_watching(db, video=second, ranges=[Range(0, 30_000)], position_ms=30_000, **report)
    lessons = watched.lessons_of(db, enrolment=enrolment)
    assert [lesson.seen for lesson in lessons] == [Seen.WATCHED, Seen.BEGUN, *[Seen.SOON] * 7]
    coming = watched.first_to_watch(watched.lessons_of(db, enrolment=enrolment))
    assert coming is not None
    assert (coming.number, coming.key, coming.position_ms, coming.minutes) == (2, "v02-pacing", 30_000, 2)
    assert watched.first_to_watch(watched.lessons_of(db, enrolment=enrolment)[:1]) is None


def test_a_service_without_videos_still_lists_nine_sessions(db: Session, enrolment: Enrolment) -> None:
    lessons = watched.lessons_of(db, enrolment=enrolment)
    assert [lesson.number for lesson in lessons] == list(range(1, 10))
    assert not any(lesson.can_play for lesson in lessons)
    assert lessons[0].title == "How pain works"
