"""A made-up service has free text too: varied, the same for the same seed, and wherever such text is shown."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from backtolife.content.models import Video
from backtolife.content.watching.notes import shared_notes, written_for
from backtolife.demo.simulated.sentences import BAD, GOOD, MIXED, NOTES
from backtolife.demo.simulated.service import Size, simulate
from backtolife.outcomes.models import Answer
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.loading import shipped
from backtolife.reporting.export.csv_cells import guarded, lines
from backtolife.reporting.export.form_layout.slots import asked_by_plan
from backtolife.reporting.export.long_file import COLUMNS, long_rows
from backtolife.reporting.export.records import PersonRecord, records
from backtolife.reporting.export.wide_file import wide_columns, wide_row

THEN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ASKED = asked_by_plan(shipped())


def made(db: Session, seed: int = 1, domain: str = "one.example") -> Service:
    return simulate(db, name="Made up", size=Size(groups=2, patients=24, seed=seed), now=THEN, domain=domain)


def said(db: Session, service: Service) -> list[str]:
    """Everything that was written on forms."""
    wanted = select(Answer.words).where(Answer.service_id == service.id, Answer.item == "why")
    return sorted(db.exec(wanted))


def people(db: Session, service: Service) -> list[PersonRecord]:
    return list(records(db, service_id=service.id, now=THEN))


def test_people_write_different_sentences_of_ours(db: Session) -> None:
    texts = said(db, made(db))
    used = Counter(line for text in texts for line in text.split("\n"))
    assert used.keys() <= {*GOOD, *MIXED, *BAD}
    assert len(used) > 8
    assert any("\n" in text for text in texts)


def test_what_people_write_fits_what_they_chose(db: Session) -> None:
    service = made(db)
    chosen = select(Answer.response_id, Answer.words).where(Answer.item == "experience")
    answers = dict(db.exec(chosen.where(Answer.service_id == service.id)).all())
    written = select(Answer.response_id, Answer.words).where(Answer.item == "why", Answer.service_id == service.id)
    for response, words in db.exec(written):
        kind = {"very_good": GOOD, "good": GOOD, "poor": BAD, "very_poor": BAD}.get(answers[response], MIXED)
        assert {*words.split("\n")} <= {*kind}


def test_the_same_seed_writes_the_same_and_another_seed_something_else(db: Session) -> None:
    first, again = made(db), made(db, domain="two.example")
    other = made(db, seed=2, domain="three.example")
    assert said(db, first) == said(db, again)
    assert said(db, first) != said(db, other)


def test_both_files_show_every_text_guarded_against_spreadsheets(db: Session) -> None:
    service = made(db)
    texts = sorted(guarded(text) for text in said(db, service))
    everyone = people(db, service)
    written = lines([column.name for column in COLUMNS], (row for each in everyone for row in long_rows(each)))
    long = list(csv.DictReader(io.StringIO("".join(written), newline="")))
    assert sorted(row["words"] for row in long if row["item"] == "why" and row["words"]) == texts
    names = [each.name for each in wide_columns(ASKED)]
    wide = csv.DictReader(io.StringIO("".join(lines(names, (wide_row(one, ASKED) for one in everyone))), newline=""))
    cells = [row[name] for row in wide for name in names if name.endswith("_fft_why")]
    assert sorted(filter(None, cells)) == texts
    assert any(text.startswith("'+") for text in texts)


def test_the_team_and_the_room_read_the_notes_they_may_read(db: Session) -> None:
    service = made(db)
    wanted = select(Person).where(Person.service_id == service.id, holding(Role.FACILITATOR))
    facilitator = db.exec(wanted.order_by(col(Person.email))).first()
    cohorts = db.exec(select(Cohort).where(Cohort.service_id == service.id)).all()
    assert facilitator is not None
    actor = Actor(facilitator.id, service.id, frozenset({Role.FACILITATOR}), frozenset(each.id for each in cohorts))
    videos = db.exec(select(Video)).all()
    shared = [each.words for video in videos for each in shared_notes(db, actor=actor, video=video, now=THEN)]
    in_room = [
        each
        for cohort in cohorts
        for number in range(1, 10)
        for each in written_for(db, cohort_id=cohort.id, session_number=number)
    ]
    assert {*shared} <= {*NOTES}
    assert len({*shared}) > 3
    assert {each.with_group for each in in_room} == {True, False}
    assert sorted(shared) == sorted(each.words for each in in_room if each.with_team)
