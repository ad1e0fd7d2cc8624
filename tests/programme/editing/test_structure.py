"""Sections, exercises, prompts and practices come, go and change places; texts are written; a change is undone."""

from collections.abc import Callable

import pytest

from backtolife.programme.editing.documents import document_of, written
from backtolife.programme.editing.services import read
from backtolife.programme.plan.keeping import shipped_files
from backtolife.programme.plan.template import Section, Session
from tests.programme.editing.desk import Desk, change, fields

SHIPPED = shipped_files()


def third(desk: Desk) -> Session:
    return read(desk.draft()).session(3)


def test_sections_change_places_and_go_with_their_minutes_given_to_others(desk: Desk) -> None:
    draft = desk.begin()
    before = [(each.id, each.minutes) for each in third(desk).sections]
    typed = {"order_1": "3", "order_4": "out", "minutes_0": str(before[0][1] + before[4][1])}
    assert change(desk.lead, f"{draft}/sessions/3/order", **typed)[0] == 302
    after = [(each.id, each.minutes) for each in third(desk).sections]
    longer = (before[0][0], before[0][1] + before[4][1])
    assert after == [longer, before[2], before[1], before[3], *before[5:]]


def test_a_broken_sum_of_minutes_keeps_the_order_that_was_typed(desk: Desk) -> None:
    status, page = change(desk.lead, f"{desk.begin()}/sessions/3/order", order_1="3", order_4="out")
    kept = fields(page)
    assert (status, "must sum to 90" in page, kept["order_1"], kept["order_4"]) == (400, True, "3", "out")
    assert desk.draft().revision == 0


@pytest.mark.parametrize(
    ("kind", "typed", "holds"),
    [
        ("break", {}, lambda section: section.kind == "break"),
        ("reflection", {"prompts": "One?\nTwo?"}, lambda section: section.prompts == ("One?", "Two?")),
        ("relaxation", {"script": "relax-breathing"}, lambda section: bool(section.script_id and section.music_id)),
        (
            "exercise",
            {"exercise_0": "ex-row", "work_0": "40", "rest_0": "10"},
            lambda section: section.stations[0].exercise_id == "ex-row",
        ),
    ],
)
def test_a_new_section_stands_where_it_was_wanted(
    desk: Desk, kind: str, typed: dict[str, str], holds: Callable[[Section], bool]
) -> None:
    draft, before = desk.begin(), third(desk)
    giver = max(before.sections, key=lambda each: each.minutes)
    typed = {"title": "Ours", "patient_text": "Do it.", "after": "2", "minutes": "8", "taken": giver.id, **typed}
    address = f"{draft}/sessions/3/new-section?kind={kind}"
    assert change(desk.lead, address, **typed)[0] == 302
    after = third(desk)
    assert [each.id for each in after.sections if each.title != "Ours"] == [each.id for each in before.sections]
    assert (after.sections[2].title, after.sections[2].kind, after.live_minutes) == ("Ours", kind, before.live_minutes)
    assert holds(after.sections[2])
    assert next(each for each in after.sections if each.id == giver.id).minutes == giver.minutes - 8


def test_a_new_section_makes_the_session_longer_or_is_refused_with_all_that_was_typed(desk: Desk) -> None:
    draft, before = desk.begin(), third(desk)
    address = f"{draft}/sessions/3/new-section?kind=exercise"
    giver = min(before.sections, key=lambda each: each.minutes)
    typed = {"title": "Ours", "patient_text": "Do it.", "minutes": str(giver.minutes), "taken": giver.id}
    status, page = change(desk.lead, address, **typed, exercise_0="ex-row", work_0="40", rest_0="10")
    assert (status, "minutes. Choose fewer" in page, 'href="#minutes"' in page) == (400, True, True)
    assert (fields(page)["exercise_0"], fields(page)["taken"], desk.draft().revision) == ("ex-row", giver.id, 0)
    typed |= {"taken": "", "minutes": "5"}
    status, page = change(desk.lead, address, **typed, exercise_0="ex-row", work_0="600", rest_0="10")
    assert (status, "The circuit takes" in page, 'href="#work_0"' in page) == (400, True, True)
    assert change(desk.lead, address, **typed, exercise_0="ex-row", work_0="40", rest_0="10")[0] == 302
    assert third(desk).live_minutes == before.live_minutes + 5
    assert change(desk.lead, address, **typed, exercise_0="ex-row", work_0="40", rest_0="10")[0] == 302
    assert len({each.id for each in third(desk).sections}) == len(before.sections) + 2


def test_exercises_of_a_circuit_change_places_come_and_go(desk: Desk) -> None:
    draft = desk.begin()
    address = f"{draft}/sessions/3/sections/s3-exercise"
    before = [each.exercise_id for each in next(each for each in third(desk).sections if each.stations).stations]
    last = len(before)
    added = {f"exercise_{last}": "ex-row", f"work_{last}": "20", f"rest_{last}": "5", f"order_{last}": "1"}
    assert change(desk.lead, address, exercise_1="", order_2="1", rounds="1", **added)[0] == 302
    after = [each.exercise_id for each in next(each for each in third(desk).sections if each.stations).stations]
    assert after == [before[2], "ex-row", before[0], *before[3:]]


def test_home_practice_comes_goes_and_changes_places(desk: Desk) -> None:
    draft, before = desk.begin(), third(desk).home_practice
    at = len(before)
    typed = {f"practice_{at}": "Walk.", f"kind_{at}": "activity", f"times_{at}": "3", f"order_{at}": "1"}
    assert change(desk.lead, f"{draft}/sessions/3/practice", **typed, order_0="out")[0] == 302
    after = third(desk).home_practice
    assert [each.text for each in after] == ["Walk.", *(each.text for each in before[1:])]
    assert (after[0].times_per_week, after[0].id) == (3, "s3-practice-1")
    status, page = change(desk.lead, f"{draft}/sessions/3/practice", kind_0="video", ref_0="")
    assert (status, 'href="#ref_0"' in page, "which one: choose the video" in page) == (400, True, True)


@pytest.mark.parametrize("file", ["agreement.md", "welcome.md", "guides/flare-up-plan.en-GB.md", "relaxation/pmr.md"])
def test_a_text_is_written_and_the_rest_of_its_file_stays(desk: Desk, file: str) -> None:
    draft = desk.begin()
    words = fields(desk.lead.get(f"{draft}/texts/{file}").text)["words"].strip().replace("&amp;", "&")
    assert change(desk.lead, f"{draft}/texts/{file}", words=f"{words}\r\n\r\nOne more line.")[0] == 302
    text = desk.draft().files[file]
    assert text == f"{SHIPPED[file].rstrip()}\n\nOne more line.\n"
    assert desk.draft().files == {**SHIPPED, file: text}
    status, page = change(desk.lead, f"{draft}/texts/{file}", words="")
    assert (status, 'href="#words"' in page) == (400, True)


def test_a_pause_that_is_written_wrong_is_said_at_the_words(desk: Desk) -> None:
    status, page = change(desk.lead, f"{desk.begin()}/texts/relaxation/pmr.md", words="Breathe. [pause five]")
    assert (status, "[pause 5s]" in page, "[pause five]" in page) == (400, True, True)


def test_words_of_videos_and_files_that_are_not_there_cannot_be_written(desk: Desk) -> None:
    draft = desk.begin()
    for file in ("videos/02-pacing.md", "none.md", "programme.yaml"):
        assert desk.lead.get(f"{draft}/texts/{file}").status_code == 404


def test_line_ends_of_a_markdown_file_stay() -> None:
    text = SHIPPED["welcome.md"].replace("\n", "\r\n")
    document = document_of("welcome.md", text)
    assert written("welcome.md", text, document) == text
    after = written("welcome.md", text, {**document, "words": "One.\n\nTwo."})
    assert after.endswith("---\r\n\r\nOne.\r\n\r\nTwo.\r\n")


def test_an_exercise_is_told_in_other_words(desk: Desk) -> None:
    draft = desk.begin()
    assert change(desk.lead, f"{draft}/exercises/ex-row", steps_sitting="Sit.\nRow.")[0] == 302
    assert read(desk.draft()).exercises["ex-row"].variants["sitting"] == ("Sit.", "Row.")


def test_the_last_change_is_undone_and_brought_back(desk: Desk) -> None:
    draft = desk.begin()
    assert "Undo the last change" not in desk.lead.get(draft).text
    change(desk.lead, f"{draft}/sessions/3", title="Ours")
    changed = desk.draft().files
    assert desk.lead.post(f"{draft}/undo", data=fields(desk.lead.get(draft).text)).status_code == 302
    assert desk.draft().files == SHIPPED
    late = desk.other.post(f"{draft}/undo", data={"seen": "1"})
    assert (late.status_code, "Somebody saved this draft" in late.text) == (409, True)
    desk.lead.post(f"{draft}/undo", data=fields(desk.lead.get(draft).text))
    assert desk.draft().files == changed


PAGES = {
    "sessions/3/order": {"minutes_0": "7"},
    "sessions/3/practice": {"practice_0": "By Lee"},
    "texts/agreement.md": {"words": "By Lee"},
    "exercises/ex-row": {"why": "By Lee"},
    "sessions/3/new-section?kind=break": {"title": "By Lee", "patient_text": "By Lee"},
}


@pytest.mark.parametrize(("page", "typed"), PAGES.items())
def test_two_editors_lose_nothing_on_any_page(desk: Desk, page: str, typed: dict[str, str]) -> None:
    draft = desk.begin()
    early = fields(desk.other.get(f"{draft}/{page}").text)
    change(desk.lead, f"{draft}/sessions/4", title="Grace was here")
    answer = desk.other.post(f"{draft}/{page}", data=early | typed)
    assert (answer.status_code, "Grace Example" in answer.text) == (409, True)
    assert {name: fields(answer.text)[name] for name in typed} == typed
    assert "By Lee" not in "".join(desk.draft().files.values())
