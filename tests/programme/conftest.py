"""What the tests of groups share."""

from datetime import datetime

import pytest
from sqlmodel import Session

from backtolife.config import Settings
from tests.programme.changes.desk import Desk, desk_of
from tests.support.factories import Factory


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    """A weekly group with two patients, a lead and a spotter; beside it stands noise."""
    return desk_of(make, db, settings, now)
