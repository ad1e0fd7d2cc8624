"""People were promised that the team sees only counts: no file says of one person what they told us for counting."""

import csv
import io
import zipfile

import pytest
from sqlmodel import Session

from backtolife.people.details.background import tell
from backtolife.people.details.traits import TRAITS
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped
from backtolife.reporting.export.form_layout.slots import asked_by
from backtolife.reporting.export.people_file import UNDER
from backtolife.reporting.export.registry import KINDS, File
from backtolife.reporting.export.source import Source
from tests.reporting.conftest import Simulated
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient

TOLD = {"age": "65_up", "sex": "another", "ethnic_group": "asian", "support": "bsl"}
OF_PERSONS = (File.LONG, File.WIDE, File.PEOPLE, File.DATA_PACKAGE, File.REDCAP, File.FHIR)
"""Excel, SPSS and Stata get the columns of the wide file, beside the second in which their program wrote it."""


@pytest.fixture
def patient(make: Factory) -> Patient:
    return a_patient(make)


def written(source: Source, file: File) -> dict[str, bytes]:
    """The file, or the files in it, by name."""
    pieces = KINDS[file].write(source)
    made = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    if not made.startswith(b"PK"):
        return {"": made}
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("file", OF_PERSONS)
def test_a_file_of_persons_is_the_same_whatever_somebody_told_us_for_counting(
    db: Session, patient: Patient, file: File
) -> None:
    service_id, now = patient.enrolment.service_id, patient.now
    source = Source(db, service_id, now, asked_by(db, service_id=service_id, plans=[shipped()], now=now))
    before = written(source, file)
    tell(db, actor=patient.actor, person=db.get_one(Person, patient.actor.id), answers=TOLD, now=now)
    db.flush()
    assert written(source, file) == before


def test_what_people_told_us_leaves_as_rounded_counts_and_says_nothing_of_a_few(simulated: Simulated) -> None:
    with simulated.reading() as db:
        text = written(Source(db, simulated.service_id, simulated.now, ()), File.EQUALITY)[""].decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["characteristic"] for row in rows} == {trait.word for trait in TRAITS}
    cells = [cell for row in rows for name, cell in row.items() if name not in ("characteristic", "answer")]
    counts = [int(cell) for cell in cells if cell not in ("", UNDER)]
    assert UNDER in cells
    assert len(counts) > len(TRAITS)
    assert all(count >= 5 and count % 5 == 0 for count in counts)
