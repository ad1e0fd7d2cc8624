"""Videos are asked for, queued and found; nothing of another service is ever among them."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.content import services
from backtolife.content.models import PackageKind, PackageState, Video, VideoPackage
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import OutOfReach, System
from backtolife.people.models import Role
from tests.support.factories import Factory


def test_adopting_the_scripts_asks_for_nine_videos_once(make: Factory, db: Session, now: datetime) -> None:
    service, other = make.service(), make.service()
    made = services.adopt_scripts(db, service=service, actor=System("command", service.id), now=now)
    assert [video.session_number for video in made] == list(range(1, 10))
    assert made[0].key == "v01-how-pain-works"
    assert services.adopt_scripts(db, service=service, actor=System("command", service.id), now=now) == []
    packages = db.exec(select(VideoPackage).where(VideoPackage.service_id == service.id)).all()
    assert {package.kind for package in packages} == {PackageKind.SCRIPT}
    assert {package.state for package in packages} == {PackageState.WAITING}
    assert len(packages) == 9
    assert services.videos_of(db, other.id) == []


def test_an_upload_waits_and_the_old_video_plays_on(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    facilitator = make.actor(make.person(service, Role.FACILITATOR))
    services.adopt_scripts(db, service=service, actor=System("command", service.id), now=now)
    video = services.find_video(db, service_id=service.id, key="v04-trust-your-back")
    old = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).one()
    old.state = PackageState.READY
    later = now + timedelta(days=1)
    new = services.upload(
        db,
        actor=facilitator,
        session_number=4,
        title=" Our own film ",
        source="sources/a/video",
        transcript="",
        now=later,
    )
    assert new.video_id == video.id
    assert video.title == "Our own film"
    assert services.playing_package(db, video.id) == old
    listed = {each.video.session_number: each for each in services.manage(db, actor=facilitator)}
    assert (listed[4].newest, listed[4].playing) == (new, old)
    new.state = PackageState.PLAYABLE
    assert services.playing_package(db, video.id) == new


def test_an_upload_leaves_a_trace(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    package = services.upload(db, actor=lead, session_number=2, title="Pacing", source="s/v", transcript="", now=now)
    video = services.video_for_session(db, service.id, 2)
    assert video is not None
    assert package.requested_by == lead.id
    entry = db.exec(select(AuditEntry).where(AuditEntry.subject_id == video.id)).one()
    assert (entry.action, entry.actor_id, entry.detail) == ("video_queued", lead.id, {"session": 2, "kind": "upload"})


def test_an_upload_that_fits_nowhere_is_refused(make: Factory, db: Session, now: datetime) -> None:
    admin = make.actor(make.person(make.service(), Role.ADMINISTRATOR))
    for number, title, field in (
        (0, "A", "session"),
        (10, "A", "session"),
        (1, "  ", "title"),
        (1, "x" * 121, "title"),
    ):
        with pytest.raises(Invalid) as refused:
            services.upload(db, actor=admin, session_number=number, title=title, source="s/v", transcript="", now=now)
        assert refused.value.field == field


def test_only_those_who_look_after_videos_may_upload(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    for role in (Role.PATIENT, Role.SERVICE_LEAD, Role.DUTY_CLINICIAN):
        with pytest.raises(NotPermitted):
            services.upload(
                db,
                actor=make.actor(make.person(service, role)),
                session_number=1,
                title="A",
                source="s/v",
                transcript="",
                now=now,
            )
    assert db.exec(select(Video).where(Video.service_id == service.id)).all() == []


def test_only_a_package_that_went_wrong_is_tried_again(make: Factory, db: Session, now: datetime) -> None:
    service, other = make.service(), make.service()
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    package = services.upload(db, actor=admin, session_number=1, title="A", source="s/v", transcript="", now=now)
    db.flush()
    with pytest.raises(Conflict):
        services.try_again(db, actor=admin, package_id=package.id, now=now)
    package.state, package.trouble = PackageState.FAILED, "The end of this video is missing."
    with pytest.raises(OutOfReach):
        stranger = make.actor(make.person(other, Role.ADMINISTRATOR))
        services.try_again(db, actor=stranger, package_id=package.id, now=now)
    assert services.try_again(db, actor=admin, package_id=package.id, now=now).state is PackageState.WAITING
    assert package.trouble == ""


def test_another_services_video_is_not_found(make: Factory, db: Session, now: datetime) -> None:
    service, other = make.service(), make.service()
    services.adopt_scripts(db, service=other, actor=System("command", other.id), now=now)
    with pytest.raises(NotFound):
        services.find_video(db, service_id=service.id, key="v01-how-pain-works")
    assert services.video_for_session(db, service.id, 1) is None
