"""From when to when somebody's yes to the questions after leaving stood. What was so then stays so, whatever is said or
published later.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import ConsentKind


class Yes(NamedTuple):
    """`until` is the first moment at which it did not stand any more; None while it does."""

    since: datetime
    until: datetime | None


def yeses_to_later(db: Db, person_ids: Collection[str]) -> dict[str, list[Yes]]:
    """Every yes by person, the oldest first: up to another answer, to words that asked again, or to their death. Two
    statements.
    """
    said = select(ConsentAnswer, Person.died_at).join(Person, col(Person.id) == col(ConsentAnswer.person_id))
    rows = db.exec(
        said.where(
            col(ConsentAnswer.person_id).in_(person_ids),
            ConsentAnswer.kind == ConsentKind.LATER,
            col(ConsentAnswer.agreed).is_(True),
        ).order_by(col(ConsentAnswer.at))
    ).all()
    if not rows:
        return {}
    asking = select(ConsentText).where(
        col(ConsentText.service_id).in_({answer.service_id for answer, _ in rows}),
        ConsentText.kind == ConsentKind.LATER,
        col(ConsentText.asks_again).is_(True),
    )
    texts, found = db.exec(asking).all(), dict[str, list[Yes]]()
    for answer, died_at in rows:
        newer = (
            text.published_at
            for text in texts
            if text.service_id == answer.service_id and text.version > answer.version
        )
        ends = [at for at in (answer.replaced_at, died_at, *newer) if at is not None]
        found.setdefault(answer.person_id, []).append(Yes(answer.at, min(ends, default=None)))
    return found
