"""Bringing the service's own face-to-face results: a CSV file, checked line by line before anything is kept."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.people.access import Actor, authorise
from backtolife.reporting.face_to_face.margins import measures, milestones
from backtolife.reporting.models import Comparator, ComparatorScore
from backtolife.text.characters import UNKEEPABLE

NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{0,12})?")
"""Not all that Python takes for one: 1_0, nan, and digits of other scripts."""
COLUMNS = ("person", "group", "measure", "milestone", "start", "score", "wording")
OFFICIAL = "official"
LARGEST = 5 * 1024**2
MOST_ROWS = 50_000
MOST_PROBLEMS = 50
LONGEST_CODE, LONGEST_GROUP, LONGEST_NAME, LONGEST_SOURCE = 40, 60, 80, 300


@dataclass(frozen=True)
class Line:
    """One good line of the file."""

    person: str
    group: str
    measure: str
    milestone: str
    start: float | None
    score: float | None


@dataclass(frozen=True)
class Checked:
    """What the checker found: good lines, and in words what is wrong with the others, by line."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]


class Reader(Protocol):
    """A CSV reader: rows, and the number of the line it has read last."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def check(content: bytes) -> Checked:
    """Read the file. It may begin with a byte-order mark. The first line is line 1, the header."""
    if len(content) > LARGEST:
        return Checked((), ("The file is larger than 5 MB. Split it.",))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Checked((), ("The file is not in UTF-8. Save it as “CSV UTF-8” and try again.",))
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = tuple(name.strip().lower() for name in next(reader, []))
        if header != COLUMNS:
            return Checked((), (f"Line 1: the columns must be {', '.join(COLUMNS)}, in this order.",))
        return checked(reader)
    except csv.Error as error:
        return Checked((), (f"Line {reader.line_num}: this is not a CSV file ({error}).",))


def checked(reader: Reader) -> Checked:
    lines: list[Line] = []
    problems: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        number = reader.line_num
        try:
            line = line_of(row)
            key = (line.person, line.measure, line.milestone)
            if key in seen:
                raise Invalid(
                    f"{line.person} is there already, on line {seen[key]}, with the same measure and milestone"
                )
            seen[key] = number
            lines.append(line)
        except Invalid as error:
            problems.append(f"Line {number}: {error.message}.")
        if len(problems) >= MOST_PROBLEMS or len(lines) > MOST_ROWS:
            problems.append(f"We stopped on line {number}. A file may have {MOST_ROWS} rows.")
            break
    if not lines and not problems:
        problems.append("There is no row below the header.")
    return Checked(tuple(lines), tuple(problems))


def line_of(row: list[str]) -> Line:
    """One row. Raises Invalid with what is wrong, in words that follow "Line 7:"."""
    if len(row) != len(COLUMNS):
        raise Invalid(f"there are {len(row)} cells, and there must be {len(COLUMNS)}")
    if UNKEEPABLE.search("".join(row)):
        raise Invalid("a cell holds a character that we cannot save. Delete the cell and type it again")
    person, group, measure, milestone, start, score, wording = (cell.strip() for cell in row)
    if not person or len(person) > LONGEST_CODE or "@" in person or " " in person:
        raise Invalid(f"“person” must be a code of 1 to {LONGEST_CODE} characters without spaces, never a name")
    if len(group) > LONGEST_GROUP:
        raise Invalid(f"“group” may have {LONGEST_GROUP} characters")
    if measure not in measures():
        raise Invalid(f"we do not know the measure “{measure}”. Use one of: {', '.join(measures())}")
    if milestone not in milestones():
        raise Invalid(f"we do not know the milestone “{milestone}”. Use one of: {', '.join(milestones())}")
    if wording != OFFICIAL:
        raise Invalid("“wording” must say official: answers on other words cannot be compared")
    return Line(
        person, group, measure, milestone, number_of(start, measure, "start"), number_of(score, measure, "score")
    )


def number_of(cell: str, measure: str, name: str) -> float | None:
    """The score in a cell; an empty one is missing."""
    if not cell:
        return None
    instrument = load_instrument(measure)
    scale = instrument.scale(instrument.primary or "")
    if not NUMBER.fullmatch(cell):
        raise Invalid(f"“{name}” must be a number with a point, or empty, and is “{cell[:20]}”")
    value = float(cell)
    if not scale.lowest <= value <= scale.highest:
        raise Invalid(f"“{name}” must be {scale.lowest} to {scale.highest} for {measure}, and is {cell[:20]}")
    return value


def bring(db: Db, *, actor: Actor, name: str, source: str, content: bytes, now: datetime) -> Comparator:
    """Keep a file without a fault; from now on it counts. Raises Invalid with every problem, one a line."""
    authorise(actor, "comparator.bring", actor)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Invalid("Give these results a short name.", "name")
    if not source.strip() or len(source.strip()) > LONGEST_SOURCE:
        raise Invalid("Say where these results come from: which groups, and when.", "source")
    found = check(content)
    if found.problems:
        raise Invalid("\n".join(found.problems), "file")
    comparator = Comparator(
        service_id=actor.service_id,
        name=name.strip(),
        source=source.strip(),
        rows=len(found.lines),
        file_hash=hashlib.sha256(content).hexdigest(),
        imported_at=now,
        imported_by=actor.id,
    )
    db.add(comparator)
    db.flush()
    for line in found.lines:
        db.add(
            ComparatorScore(
                service_id=actor.service_id,
                comparator_id=comparator.id,
                person=line.person,
                cohort=line.group,
                instrument=line.measure,
                milestone=line.milestone,
                before=line.start,
                after=line.score,
            )
        )
    audit.record(
        db,
        actor=actor,
        action="comparator_brought",
        subject_type="comparator",
        subject_id=comparator.id,
        now=now,
        rows=len(found.lines),
    )
    return comparator


def brought(db: Db, *, actor: Actor) -> list[Comparator]:
    """Every file, newest first."""
    authorise(actor, "report.read", actor)
    wanted = select(Comparator).where(Comparator.service_id == actor.service_id)
    return list(db.exec(wanted.order_by(col(Comparator.imported_at).desc())))
