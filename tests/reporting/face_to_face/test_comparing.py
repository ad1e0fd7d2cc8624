"""Face-to-face results are checked line by line; a margin is fixed by name, from now on."""

import io
import json
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.errors import Invalid, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Role, Service
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import read_data
from backtolife.reporting.face_to_face import importing
from backtolife.reporting.face_to_face.importing import COLUMNS, bring, check
from backtolife.reporting.face_to_face.margins import fix, history
from backtolife.reporting.models import ComparatorScore
from tests.reporting.results.test_result_pages import Flask, FlaskClient, signed_in  # noqa: F401 - a browser signed in
from tests.support.factories import Factory

HEAD = ",".join(COLUMNS)
GOOD = f"{HEAD}\nF1,Tuesday,rmdq-24,end,12,7,official\nF2,,rmdq-24,end,9,,official\n"
PLAN = {"points": 1.0, "sd": 5.0, "icc": 0.05, "group_size": 10.0}


def someone(make: Factory, role: Role) -> Actor:
    return make.actor(make.person(make.service(), role))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Anna Smith,,rmdq-24,end,12,7,official", "Line 2: “person” must be a code"),
        ("a@example.org,,rmdq-24,end,12,7,official", "Line 2: “person” must be a code"),
        ("F1,,rmdq,end,12,7,official", "Line 2: we do not know the measure “rmdq”"),
        ("F1,,rmdq-24,baseline,12,7,official", "Line 2: we do not know the milestone “baseline”"),
        ("F1,,rmdq-24,end,25,7,official", "Line 2: “start” must be 0 to 24 for rmdq-24, and is 25"),
        ("F1,,rmdq-24,end,12,seven,official", "Line 2: “score” must be a number"),
        ("F1,,rmdq-24,end,12,nan,official", "Line 2: “score” must be a number"),
        ("F1,,rmdq-24,end,12,1_0,official", "Line 2: “score” must be a number"),
        ("F1,,rmdq-24,end,١٢,7,official", "Line 2: “start” must be a number"),
        ("F1,,rmdq-24,end,1e1,7,official", "Line 2: “start” must be a number"),
        ("F\x001,,rmdq-24,end,12,7,official", "Line 2: a cell holds a character that we cannot save"),
        ("F1,half\x00,rmdq-24,end,12,7,official", "Line 2: a cell holds a character that we cannot save"),
        ("F1,,rmdq-24,end,12,7,in-house", "Line 2: “wording” must say official"),
        ("F1,,rmdq-24,end,12", "Line 2: there are 5 cells, and there must be 7"),
        (f"F1,{'x' * 61},rmdq-24,end,12,7,official", "Line 2: “group” may have 60 characters"),
    ],
)
def test_a_bad_row_is_named_by_its_line(line: str, words: str) -> None:
    found = check(f"{HEAD}\n{line}\nF9,,rmdq-24,end,12,7,official\n".encode())
    assert [problem.startswith(words) for problem in found.problems] == [True]
    assert len(found.lines) == 1


def test_somebody_twice_is_named_with_both_lines() -> None:
    found = check(f"{GOOD}F1,,rmdq-24,end,3,4,official\n".encode())
    assert found.problems == ("Line 4: F1 is there already, on line 2, with the same measure and milestone.",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Line 1: the columns must be"),
        (b"name,score\n", "Line 1: the columns must be"),
        (HEAD.encode(), "There is no row below the header."),
        (GOOD.encode("utf-16"), "The file is not in UTF-8"),
        (b"x" * (5 * 1024**2 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_not_one_says_so(content: bytes, words: str) -> None:
    assert words in check(content).problems[0]


def test_it_stops_after_fifty_bad_rows() -> None:
    found = check((HEAD + "\n" + "bad\n" * 80).encode())
    assert len(found.problems) == 51


def test_a_good_file_counts_from_now_on_and_the_newest_wins(make: Factory, db: Session) -> None:
    actor = someone(make, Role.SERVICE_LEAD)
    for hours, name in enumerate(("Old", "New")):
        content = b"\xef\xbb\xbf" + GOOD.encode()
        bring(db, actor=actor, name=name, source="Ours", content=content, now=make.now + timedelta(hours=hours))
    brought = load(db, service_id=actor.service_id, now=make.now).brought
    assert brought is not None
    assert (brought.name, [(row.person, row.before, row.after) for row in brought.rows]) == (
        "New",
        [("F1", 12.0, 7.0), ("F2", 9.0, None)],
    )


def test_of_a_bad_file_nothing_is_kept(make: Factory, db: Session) -> None:
    actor = someone(make, Role.SERVICE_LEAD)
    with pytest.raises(Invalid, match="Line 4"):
        bring(db, actor=actor, name="N", source="S", content=f"{GOOD}F3,,x,end,1,1,official\n".encode(), now=make.now)
    assert db.exec(select(ComparatorScore).where(ComparatorScore.service_id == actor.service_id)).all() == []


def test_a_margin_is_fixed_now_and_every_version_is_kept(make: Factory, db: Session) -> None:
    actor = someone(make, Role.CLINICAL_LEAD)
    for points in (1.0, 1.5):
        fix(db, actor=actor, instrument="rmdq-24", milestone="end", beside="own", plan={**PLAN, "points": points},
            source="A fifth of the smallest change", now=make.now)  # fmt: skip
    assert {(margin.version, margin.points) for margin, _ in history(db, actor=actor)} == {(1, 1.0), (2, 1.5)}
    (plan,) = load(db, service_id=actor.service_id, now=make.now).plans
    assert (plan.version, plan.points, plan.fixed_on) == (2, 1.5, "2026-03-03")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"beside": "best-group-12m"}, "That result is of RMDQ-24, 12 months on"),
        ({"instrument": "group-experience"}, "Choose a measure"),
        ({"milestone": "baseline"}, "Choose a measure"),
        ({"source": " "}, "why this size"),
        ({"plan": {**PLAN, "points": 0.0}}, "above 0"),
    ],
)
def test_a_margin_that_cannot_be_is_refused(make: Factory, db: Session, changed: dict[str, object], words: str) -> None:
    good: dict[str, object] = {
        "instrument": "rmdq-24", "milestone": "end", "beside": "own", "plan": PLAN, "source": "Why",
    }  # fmt: skip
    with pytest.raises(Invalid, match=words):
        fix(db, actor=someone(make, Role.CLINICAL_LEAD), now=make.now, **{**good, **changed})  # type: ignore[arg-type]


def test_only_the_clinical_lead_fixes_a_margin(make: Factory, db: Session) -> None:
    with pytest.raises(NotPermitted):
        fix(db, actor=someone(make, Role.SERVICE_LEAD), instrument="rmdq-24", milestone="end", beside="own", plan=PLAN,
            source="Why", now=make.now)  # fmt: skip


def test_the_page_shows_each_bad_line(signed_in: FlaskClient) -> None:  # noqa: F811
    bad = io.BytesIO(f"{HEAD}\nF1,,nothing,end,1,2,official\n".encode())
    answer = signed_in.post(
        "/results/face-to-face/results", data={"name": "N", "source": "S", "file": (bad, "face.csv")}
    )
    assert (answer.status_code, "Line 2: we do not know the measure “nothing”" in answer.text) == (400, True)
    good = io.BytesIO(GOOD.encode())
    answer = signed_in.post(
        "/results/face-to-face/results", data={"name": "N", "source": "S", "file": (good, "face.csv")},
        follow_redirects=True,
    )  # fmt: skip
    assert "2 rows are saved." in answer.text


def test_a_row_that_only_the_database_refuses_is_answered_in_words(signed_in: FlaskClient) -> None:  # noqa: F811
    group = "a" + "\u0315\u0300" * 45
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "LONGEST_GROUP", 100)
        bad = io.BytesIO(f"{HEAD}\nF1,{group},rmdq-24,end,1,2,official\n".encode())
        answer = signed_in.post(
            "/results/face-to-face/results", data={"name": "N", "source": "S", "file": (bad, "face.csv")}
        )
    assert (answer.status_code, "a character that we cannot save" in answer.text) == (400, True)


@pytest.mark.parametrize("points", ["1_0", "١٢", "nan", "1e1"])
@pytest.mark.parametrize("signed_in", [Role.CLINICAL_LEAD], indirect=True)
def test_a_margin_is_a_plain_number(signed_in: FlaskClient, points: str) -> None:  # noqa: F811
    given = {"instrument": "rmdq-24", "milestone": "end", "beside": "own", "source": "A fifth", **PLAN}
    answer = signed_in.post("/results/face-to-face/margin", data={**given, "points": points})
    assert (answer.status_code, "Enter a number with a point" in answer.text) == (400, True)


@pytest.mark.parametrize("signed_in", [Role.CLINICAL_LEAD], indirect=True)
def test_a_clinical_lead_sets_a_margin_on_the_page(signed_in: FlaskClient) -> None:  # noqa: F811
    given = {"instrument": "rmdq-24", "milestone": "end", "beside": "own", "source": "A fifth", **PLAN}
    assert signed_in.post("/results/face-to-face/margin", data={**given, "points": "0"}).status_code == 400
    answer = signed_in.post("/results/face-to-face/margin", data=given, follow_redirects=True)
    assert "The margin is set." in answer.text
    assert "Version 1" in answer.text


def test_a_margin_judges_by_the_file_it_was_locked_to_whatever_is_brought_later(make: Factory, db: Session) -> None:
    lead = someone(make, Role.SERVICE_LEAD)
    clinician = make.actor(make.person(db.get_one(Service, lead.service_id), Role.CLINICAL_LEAD))

    def brings(name: str, hours: int) -> None:
        content, at = f"{GOOD}{name},,rmdq-24,end,1,1,official\n".encode(), make.now + timedelta(hours=hours)
        bring(db, actor=lead, name=name, source="Ours", content=content, now=at)

    def judged_by() -> str:
        data = load(db, service_id=lead.service_id, now=make.now)
        file = data.file_of(data.plans[0])
        assert file is not None
        return file.name

    brings("Before", 0)
    fix(db, actor=clinician, instrument="rmdq-24", milestone="end", beside="own", plan=PLAN, source="Agreed",
        now=make.now + timedelta(hours=1))  # fmt: skip
    brings("Swapped", 2)
    assert judged_by() == "Before"
    fix(db, actor=clinician, instrument="rmdq-24", milestone="end", beside="own", plan=PLAN, source="Agreed anew",
        now=make.now + timedelta(hours=3))  # fmt: skip
    assert judged_by() == "Swapped"


def test_the_first_file_after_a_margin_is_locked_as_well(make: Factory, db: Session) -> None:
    lead = someone(make, Role.SERVICE_LEAD)
    clinician = make.actor(make.person(db.get_one(Service, lead.service_id), Role.CLINICAL_LEAD))
    fix(db, actor=clinician, instrument="rmdq-24", milestone="end", beside="own", plan=PLAN, source="Agreed",
        now=make.now)  # fmt: skip
    for hours, name in enumerate(("First", "Second"), start=1):
        content = f"{GOOD}{name},,rmdq-24,end,1,1,official\n".encode()
        bring(db, actor=lead, name=name, source="S", content=content, now=make.now + timedelta(hours=hours))
    data = load(db, service_id=lead.service_id, now=make.now)
    file = data.file_of(data.plans[0])
    assert file is not None
    assert file.name == "First"
    assert read_data(json.loads(json.dumps(data.as_plain()))).file_of(data.plans[0]) == file
