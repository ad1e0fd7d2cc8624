"""What a patient wants to do more of: written down, put into other words, every version kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.goals import rules
from backtolife.programme.goals.models import Goal, GoalWords
from backtolife.programme.goals.services import find_goal, goals_of, reword, set_goal
from tests.support.factories import Factory

WALK = "Walk to the park with my grandson"


def place_of(make: Factory) -> tuple[Enrolment, Actor, Actor]:
    """A patient's place, the facilitator of the group and the patient, beside others with goals of their own."""
    make.noise()
    cohort = make.cohort(make.service())
    lead = make.actor(make.facilitator(cohort))
    other, own = make.enrolment(cohort, "Joseph"), make.enrolment(cohort, "Linda")
    set_goal(make.db, enrolment=other, words="Go back to the choir", actor=lead, now=make.now)
    return own, lead, make.actor(make.db.get_one(Person, own.person_id))


def test_a_goal_is_kept_in_the_persons_words_with_the_session_it_is_from(make: Factory, now: datetime) -> None:
    own, lead, _ = place_of(make)
    third = dates_of(make.db, own.cohort_id)[2].starts_at + timedelta(minutes=20)
    set_goal(make.db, enrolment=own, words=f"  {WALK}\n", actor=lead, now=now)
    later = date(2026, 6, 30)
    set_goal(make.db, enrolment=own, words="Dig the garden", actor=lead, now=third, look_back_on=later)
    found = goals_of(make.db, [own.id])
    assert list(found) == [own.id]
    assert [(each.words, each.goal.session_number, each.goal.look_back_on) for each in found[own.id]] == [
        (WALK, 1, None),
        ("Dig the garden", 3, later),
    ]


def test_the_same_words_again_are_one_goal(make: Factory, now: datetime) -> None:
    own, lead, _ = place_of(make)
    first = set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now)
    assert set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now).id == first.id
    assert len(goals_of(make.db, [own.id])[own.id]) == 1


def test_a_patient_puts_it_into_their_own_words_and_what_was_written_is_kept(make: Factory, now: datetime) -> None:
    own, lead, patient = place_of(make)
    goal = set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now)
    better = "Walk to the park with Sam, and back"
    reword(make.db, goal=goal, words=better, seen=1, actor=patient, now=now + timedelta(days=1))
    reword(make.db, goal=goal, words=better, seen=1, actor=patient, now=now + timedelta(days=2))
    [found] = goals_of(make.db, [own.id])[own.id]
    assert [(words.text, words.by) for words, _ in found.versions] == [(better, patient.id), (WALK, lead.id)]
    said = make.db.exec(select(AuditEntry).where(AuditEntry.subject_id == goal.id)).all()
    assert [(each.action, each.actor_id) for each in said] == [("goal_set", lead.id), ("goal_reworded", patient.id)]


def test_words_that_changed_meanwhile_are_not_written_over(make: Factory, now: datetime) -> None:
    own, lead, patient = place_of(make)
    goal = set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now)
    reword(make.db, goal=goal, words="Walk with Sam", seen=1, actor=patient, now=now)
    with pytest.raises(Conflict):
        reword(make.db, goal=goal, words="Walk a mile", seen=1, actor=lead, now=now)


def test_only_the_patient_and_the_team_of_their_group_may(make: Factory, now: datetime) -> None:
    own, lead, patient = place_of(make)
    goal = set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now)
    service = make.db.get_one(Service, own.service_id)
    stranger = make.actor(make.facilitator(make.cohort(service)))
    neighbour = make.actor(make.db.get_one(Person, make.enrolment(make.cohort(service)).person_id))
    for actor in (stranger, neighbour):
        with pytest.raises(NotFound):
            find_goal(make.db, actor=actor, goal_id=goal.id, action="goal.reword")
    for actor in (patient, make.actor(make.person(service, Role.ADMINISTRATOR))):
        with pytest.raises(NotPermitted):
            set_goal(make.db, enrolment=own, words="More", actor=actor, now=now)
    clinical = make.actor(make.person(service, Role.CLINICAL_LEAD))
    assert find_goal(make.db, actor=clinical, goal_id=goal.id, action="goal.reword")[0].id == goal.id
    with pytest.raises(NotFound):
        find_goal(make.db, actor=patient, goal_id="nothing", action="goal.reword")


@pytest.mark.parametrize("words", ["", "   \n", "a" * (rules.LONGEST + 1)])
def test_no_words_and_too_many_are_refused(make: Factory, now: datetime, words: str) -> None:
    own, lead, _ = place_of(make)
    with pytest.raises(Invalid):
        set_goal(make.db, enrolment=own, words=words, actor=lead, now=now)


def test_a_day_to_look_back_is_still_to_come(make: Factory, now: datetime) -> None:
    own, lead, _ = place_of(make)
    with pytest.raises(Invalid) as refused:
        set_goal(make.db, enrolment=own, words=WALK, actor=lead, now=now, look_back_on=date(2026, 3, 2))
    assert refused.value.field == "look_back_on"


def test_more_goals_than_anybody_works_on_are_refused(make: Factory, now: datetime) -> None:
    own, lead, _ = place_of(make)
    for number in range(rules.MOST):
        set_goal(make.db, enrolment=own, words=f"Goal {number}", actor=lead, now=now)
    with pytest.raises(Invalid):
        set_goal(make.db, enrolment=own, words="One more", actor=lead, now=now)


def test_before_the_first_session_a_goal_belongs_to_it(now: datetime) -> None:
    starts = [now + timedelta(days=7 * week) for week in range(9)]
    assert rules.session_at(starts, now - timedelta(hours=1)) == 1
    assert rules.session_at(starts, now) == 1
    assert rules.session_at(starts, now + timedelta(days=100)) == 9


def test_of_two_who_change_the_words_at_once_one_is_kept_and_the_other_asked_again(
    engine: Engine, now: datetime
) -> None:
    with session_scope(engine) as db:
        own, lead, patient = place_of(Factory(db, now))
        key = set_goal(db, enrolment=own, words=WALK, actor=lead, now=now).id
    both = [(lead, "Walk a mile"), (patient, "Walk with Sam")]
    start = Barrier(len(both))

    def save(given: tuple[Actor, str]) -> bool:
        start.wait()
        try:
            with session_scope(engine) as db:
                reword(db, goal=db.get_one(Goal, key), words=given[1], seen=1, actor=given[0], now=now)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(both)) as pool:
        kept = list(pool.map(save, both))
    assert sorted(kept) == [False, True]
    with Session(engine) as db:
        versions = db.exec(select(GoalWords).where(GoalWords.goal_id == key)).all()
        assert {each.version: each.text for each in versions} == {1: WALK, 2: both[kept.index(True)][1]}
