"""Several people at the same moment, each with a connection of their own, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.outcomes.safety.after_closing import add_note, open_again
from backtolife.outcomes.safety.history_models import TaskNote, TaskReopening
from tests.outcomes.safety.test_after_closing import Closed
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE

PEOPLE = 6


def test_one_opens_it_and_every_note_is_kept(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        closed = Closed(Factory(db, now))
        task_id, actors, at = closed.task.id, (closed.dora, closed.grace), closed.now
    start = Barrier(PEOPLE)

    def act(number: int) -> str:
        start.wait()
        actor = actors[number % 2]
        try:
            with session_scope(engine) as db:
                if number < PEOPLE // 2:
                    add_note(db, actor=actor, task_id=task_id, text=f"Note {number}", now=at)
                    return "added"
                open_again(db, actor=actor, task_id=task_id, reason="They rang.", seen=0, site=SITE, now=at)
                return "opened"
        except Conflict as error:
            return error.message.partition(" has ")[2]

    with ThreadPoolExecutor(PEOPLE) as pool:
        found = sorted(pool.map(act, range(PEOPLE)))
    quicker = "opened this task again already. Nothing was changed."
    assert found == ["added"] * 3 + ["opened"] + [quicker] * 2
    with Session(engine) as db:
        task = db.exec(select(SafetyTask)).one()
        assert (task.state, task.opened_again) == (TaskState.TAKEN, 1)
        assert len(db.exec(select(TaskReopening)).all()) == 1
        assert {each.text for each in db.exec(select(TaskNote))} == {"Note 0", "Note 1", "Note 2"}
