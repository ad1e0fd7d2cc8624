"""The work that somebody holds and can hand over. The rooms that know it name it to the application, in `rooms`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor
from backtolife.people.models import Person


class Work(Protocol):
    """One kind of work: groups, safety tasks, duty."""

    may_wait: bool
    """Whether it may be left with nobody for a while: a group is named on the home of who sorts it."""

    words: str
    """What it is called beside the name of somebody who cannot take it."""

    def able(self, db: Db, *, person: Person, now: datetime) -> set[str]:
        """The ids of those whose role lets them take what `person` holds; asked only where they hold something."""
        ...

    def held(self, db: Db, *, person: Person, now: datetime) -> Sequence[str]:
        """What this person holds from `now` on, each in words; none when nothing would be left with nobody."""
        ...

    def hand_over(self, db: Db, *, person: Person, to: Person, actor: Actor, now: datetime) -> None:
        """Give all of it to `to`. Raises Invalid or Clashes, in words about the field `to`, for who cannot take it."""
        ...


def held_by(db: Db, works: Sequence[Work], *, person: Person, now: datetime) -> list[str]:
    """Everything that this person would leave behind."""
    return [each for work in works for each in work.held(db, person=person, now=now)]


def choices(
    db: Db, works: Sequence[Work], people: Sequence[Person], *, person: Person, now: datetime
) -> list[tuple[Person, str]]:
    """Who of `people` may take what `person` holds. Who cannot take what may wait, where other work may not, is told
    apart in words: the rest can go to them.
    """
    theirs = [work for work in works if work.held(db, person=person, now=now)]
    must = [work for work in theirs if not work.may_wait]
    able = {work.words: work.able(db, person=person, now=now) for work in theirs}
    found = []
    for each in people:
        lacks = [work for work in theirs if each.id not in able[work.words]]
        if not lacks:
            found.append((each, ""))
        elif must and all(work.may_wait for work in lacks):
            found.append((each, f"cannot take {' and '.join(work.words for work in lacks)}"))
    return found


def hand_over(db: Db, works: Sequence[Work], *, person: Person, to: Person | None, actor: Actor, now: datetime) -> bool:
    """Give everything that `person` holds to one named colleague. Returns whether there was anything.

    Raises Invalid when nobody is named for work that is there.
    """
    if not held_by(db, works, person=person, now=now):
        return False
    if to is None or to.id == person.id:
        raise Invalid("Choose who takes over their work.", "to")
    for work in works:
        work.hand_over(db, person=person, to=to, actor=actor, now=now)
        db.flush()
    return True
