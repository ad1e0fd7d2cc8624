"""What became of a draft while somebody had it open, on both databases."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.people.access import Actor
from backtolife.people.models import Role
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.editing import services
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.editing.pages import session_page
from backtolife.programme.editing.parts import at_place, shown
from backtolife.programme.editing.saying import said
from tests.support.factories import Factory


@pytest.fixture
def opened(engine: Engine, now: datetime) -> tuple[Actor, ProgrammeDraft]:
    """A draft as somebody has read it, and who that is."""
    with session_scope(engine) as db:
        make = Factory(db, now)
        lead = make.actor(make.person(make.service(), Role.CLINICAL_LEAD))
        draft = services.begin(db, version_id="", actor=lead, now=now)
    return lead, draft


def save(db: Session, draft: ProgrammeDraft, actor: Actor, now: datetime) -> None:
    page = session_page(services.read(draft).session(3))
    data = at_place(said(draft.files[page.file]), page.base)
    typed = {part.name: shown(part, data) for part in page.parts}
    services.save(db, draft=draft, page=page, typed=typed, seen=draft.revision, actor=actor, now=now)


def publish(db: Session, draft: ProgrammeDraft, actor: Actor, now: datetime) -> None:
    services.publish(db, draft=draft, version="1.1.0", actor=actor, now=now)


@pytest.mark.parametrize("act", [save, publish])
def test_a_draft_that_was_published_meanwhile_is_neither_saved_nor_published_again(
    engine: Engine,
    opened: tuple[Actor, ProgrammeDraft],
    now: datetime,
    act: Callable[[Session, ProgrammeDraft, Actor, datetime], None],
) -> None:
    lead, draft = opened
    with session_scope(engine) as db:
        publish(db, db.get_one(ProgrammeDraft, draft.id), lead, now)
    with pytest.raises(Conflict, match="published this draft meanwhile"), session_scope(engine) as db:
        act(db, db.merge(draft, load=False), lead, now)
    with session_scope(engine) as db:
        assert len(db.exec(select(AdoptedProgramme).where(AdoptedProgramme.version == "1.1.0")).all()) == 1


@pytest.mark.parametrize("act", [save, publish])
def test_a_draft_that_was_put_aside_meanwhile_waits_until_it_is_back(
    engine: Engine,
    opened: tuple[Actor, ProgrammeDraft],
    now: datetime,
    act: Callable[[Session, ProgrammeDraft, Actor, datetime], None],
) -> None:
    lead, draft = opened
    with session_scope(engine) as db:
        found = db.get_one(ProgrammeDraft, draft.id)
        services.discard(db, draft=found, discarded=True, actor=lead, now=now)
    with pytest.raises(Conflict, match="put aside"), session_scope(engine) as db:
        act(db, db.merge(draft, load=False), lead, now)
    with session_scope(engine) as db:
        found = db.get_one(ProgrammeDraft, draft.id)
        services.discard(db, draft=found, discarded=False, actor=lead, now=now)
        act(db, found, lead, now)
