"""What the demo's older group did at home, and what their team made ready: a draft programme, signed translations."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.roles import acting_as
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.editing import parts
from backtolife.programme.editing.pages import session_page
from backtolife.programme.editing.saying import said
from backtolife.programme.editing.services import begin, read, save
from backtolife.programme.guides.signing import sign, translations
from backtolife.programme.practice.rules import OTHER, Felt, Written
from backtolife.programme.practice.services import keep_entry
from backtolife.programme.prescribed.services import prescribe

WROTE = (
    ("mei", 8, "A walk to the shop", 15, Felt.ALL_RIGHT, ""),
    ("mei", 6, "Slow breathing in bed", 10, Felt.GOOD, "Fell asleep before the end."),
    ("mei", 5, "A walk to the shop", 15, Felt.GOOD, ""),
    ("mei", 3, "Stretches while the kettle boiled", 5, Felt.HARD, "Stiff today. I did half."),
    ("mei", 1, "Round the park with my sister", 25, Felt.GOOD, "Once round, with a rest on the bench."),
    ("ruth", 7, "In the pool, walking only", 20, Felt.ALL_RIGHT, ""),
    ("ruth", 2, "In the pool", 25, Felt.GOOD, ""),
    ("olu", 4, "Shoulder rolls", 5, None, ""),
    ("olu", 2, "A walk after lunch", None, Felt.ALL_RIGHT, ""),
)
"""Who, how many days ago, what, for how many minutes, how it felt, and what they wrote beside it."""
PICKED = (("mei", "sitting"), ("ruth", "standing"))
"""For whom a facilitator picked exercises, and how they do them."""
HOW_MANY_PICKED = 2
DRAFTED_SESSION = 3
DRAFTED = {"summary": "We look at thoughts and feelings that come with pain, and try out one kind answer to them."}
SIGNED = ("guide-urgent-help", "guide-flare-up-plan")
SIGNED_IN = ("pl", "cy")
"""Which translations a clinician has signed; the rest are drafts still."""


def practise(db: Db, cohort: Cohort, people: Mapping[str, Person], now: datetime) -> None:
    """Let some have kept a diary, of exercises that were picked for them and of what they chose themselves."""
    exercises = programme_of(db, cohort).exercises.values()
    for key, way in PICKED:
        place, able = place_of(db, cohort, people[key]), [each.id for each in exercises if way in each.variants]
        for exercise in able[:HOW_MANY_PICKED]:
            prescribe(
                db, enrolment=place, exercise_id=exercise, way=way, amount="5 times, twice a day",
                actor=acting_as(db, people["grace"]), now=now - timedelta(days=9),
            )  # fmt: skip
    for number, (key, days, what, minutes, felt, note) in enumerate(WROTE):
        at = now - timedelta(days=days)
        keep_entry(
            db, enrolment=place_of(db, cohort, people[key]), key=f"demo-{number}",
            written=Written(in_zone(at, cohort.zone).date(), OTHER, what, minutes, felt, note),
            actor=acting_as(db, people[key]), now=at,
        )  # fmt: skip


def place_of(db: Db, cohort: Cohort, person: Person) -> Enrolment:
    wanted = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id)
    return db.exec(wanted).one()


def draft_programme(db: Db, people: Mapping[str, Person], now: datetime) -> None:
    """Somebody began a version of their own, and has changed one session."""
    lead = acting_as(db, people["grace"])
    draft = begin(db, version_id="", actor=lead, now=now - timedelta(days=2))
    page = session_page(read(draft).session(DRAFTED_SESSION))
    before = parts.at_place(said(draft.files[page.file]), page.base)
    typed = {part.name: parts.shown(part, before) for part in page.parts} | DRAFTED
    save(db, draft=draft, page=page, typed=typed, seen=draft.revision, actor=lead, now=now - timedelta(days=1))


def sign_translations(db: Db, people: Mapping[str, Person], now: datetime) -> None:
    lead = acting_as(db, people["grace"])
    for each in translations(db, actor=lead):
        if each.draft.guide.id in SIGNED and each.draft.guide.language in SIGNED_IN:
            sign(db, actor=lead, key=each.key, digest=each.draft.digest, now=now)
