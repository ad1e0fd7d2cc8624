"""In-house words that were asked before stay readable: answers given to them are read with them, to the letter."""

from datetime import datetime

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict
from backtolife.outcomes.catalogue.wording import HERE, earlier_wording, wording
from backtolife.outcomes.forms.adoption import adopt, form_of
from tests.support.factories import Factory

EARLIER = {
    "pgic": "6068f0d37986b326e1207764f51740c44dcd37c13920579ec2025e577c85f713",
    "rmdq-24": "45b3648c16f04f7e5600c8a49acefd861187e7d5e2ea7c875206ae503f7839af",
    "work-status": "34b23177e60b848b495d9ec500fac65919f1901e394ff4c9d3d541b6fa3e8336",
}
"""The first words of each, by instrument. A change to a kept file would turn answers into answers to other words."""


def test_every_kept_file_is_read_here() -> None:
    assert sorted(path.name for path in (HERE / "earlier").glob("*.json")) == [f"{name}.v1.json" for name in EARLIER]


@pytest.mark.parametrize("name", EARLIER)
def test_words_of_before_are_kept_to_the_letter_and_the_new_ones_have_a_new_version(name: str) -> None:
    before = earlier_wording(name, EARLIER[name])
    assert before is not None
    assert (before.version, wording(name).version) == ("1", "2")
    assert before.hash != wording(name).hash
    assert [each.id for each in before.questions] == [each.id for each in wording(name).questions]


@pytest.mark.parametrize("name", EARLIER)
def test_answers_given_to_words_of_before_are_read_with_those_words(
    db: Session, make: Factory, now: datetime, name: str
) -> None:
    row = adopt(db, service_id=make.service().id, instrument=name, now=now)
    row.wording_version, row.wording_hash = "1", EARLIER[name]
    assert form_of(db, row) == earlier_wording(name, EARLIER[name])


def test_words_that_nobody_kept_are_refused_by_name(db: Session, make: Factory, now: datetime) -> None:
    row = adopt(db, service_id=make.service().id, instrument="pgic", now=now)
    row.wording_hash = "0" * 64
    with pytest.raises(Conflict, match="The words of these questions have changed"):
        form_of(db, row)
