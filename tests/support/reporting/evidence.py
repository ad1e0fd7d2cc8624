"""Changing the simulated data in one thing, and reading figures of it."""

from dataclasses import replace
from datetime import date

from backtolife.reporting.dataset.shape import Brought, Data, FaceToFace, Member, Plan
from backtolife.reporting.figures.batches import batches_of
from backtolife.reporting.figures.evidence import Computed, evidence
from backtolife.reporting.figures.face_to_face.remote import Remote, comparisons
from backtolife.reporting.figures.scope import Scope

SERVICE = Scope("service", "", "Simulated service")


def plan(
    instrument: str = "rmdq-24", *, against: str = "own", fixed_on: date = date(2025, 1, 1), points: float = 4.0
) -> Plan:
    """A margin wide enough for 70 people to say something."""
    return Plan(
        instrument, "end", 1, points, 5.0, 0.0, 1.0, against, "For the test", fixed_on.isoformat(), "Grace Adeyemi"
    )


def face_to_face(data: Data, instrument: str = "rmdq-24", people: int = 200) -> Data:
    """The data with a file of people who came face to face and improved by 4 or 5 points."""
    rows = [
        FaceToFace(f"F{place}", f"G{place // 10}", instrument, "end", 12.0 + place % 7, 8.0 + place % 5)
        for place in range(people)
    ]
    return replace(data, brought=Brought("Clinic groups", "Our own, 2024", "2025-01-01", tuple(rows)))


def left_early(data: Data, every: int) -> Data:
    """The same with one of `every` people who completed gone before the end."""
    stayed = [member.code for member in data.members if member.completed][::every]
    members = (gone(each) if each.code in stayed else each for each in data.members)
    return replace(data, members=tuple(members))


def gone(member: Member) -> Member:
    """The same person, who left after 4 sessions."""
    return replace(member, sessions=4, dates={key: day for key, day in member.dates.items() if key != "completed"})


def in_house(data: Data, instrument: str) -> Data:
    """The same answers, given on our own wording."""
    changed = {
        key: replace(each, in_house=True) if each.instrument == instrument else each
        for key, each in data.wordings.items()
    }
    return replace(data, wordings=changed)


def compared(data: Data, *plans: Plan) -> list[Remote]:
    with_plans = replace(data, plans=plans)
    return comparisons(batches_of(with_plans))


def computed(data: Data) -> Computed:
    found = evidence(data, SERVICE).computed
    assert found is not None
    return found
