"""What a newer version changed is found place by place, and goes into a draft without touching anything else."""

import pytest

from backtolife.programme.editing.documents import document_of
from backtolife.programme.plan.keeping import from_files, shipped_files
from backtolife.programme.plan.loading import shipped
from backtolife.programme.upstream.comparing import Change, Kind, changes, documents, taken_over
from backtolife.programme.upstream.wording import Told, Wording

FILES = dict(shipped_files())
PLAN = FILES["programme.yaml"]


def with_words(old: str, new: str, file: str = "programme.yaml") -> dict[str, str]:
    assert FILES[file].count(old) >= 1, old
    return {**FILES, file: FILES[file].replace(old, new, 1)}


def found(newer: dict[str, str], yours: dict[str, str] = FILES) -> list[Change]:
    return changes(documents(FILES), documents(newer), documents(yours))


def told(newer: dict[str, str], yours: dict[str, str] = FILES) -> list[Told]:
    words = Wording(documents(yours), documents(newer), from_files(yours), yours)
    return [words.told(each) for each in found(newer, yours)]


def test_words_of_a_section_are_one_change_in_the_words_of_its_form() -> None:
    section = shipped().session(2).sections[0]
    newer = with_words(f"title: {section.title}", "title: Good to see you again")
    (each,) = told(newer)
    assert (each.page, each.label) == ("Session 2: Welcome back", "Title")
    assert (each.yours, each.newer, each.change.both) == (section.title, "Good to see you again", False)


def test_what_the_draft_changed_too_is_said_and_what_it_says_already_is_no_change() -> None:
    newer = with_words("label: Half way", "label: In the middle")
    (each,) = told(newer, with_words("label: Half way", "label: Ours"))
    assert (each.page, each.label, each.yours, each.newer, each.change.both) == (
        "Ours",
        "Name",
        "Ours",
        "In the middle",
        True,
    )
    assert found(newer, newer) == []
    assert found(FILES, with_words("label: Half way", "label: Ours")) == []


def test_the_number_of_the_version_is_no_change() -> None:
    assert found(with_words("version: 1.0.0", "version: 2.0.0")) == []


def test_another_order_is_one_change_and_leaves_what_only_the_draft_has() -> None:
    document = document_of("exercises.yaml", FILES["exercises.yaml"])
    ids = [each["id"] for each in document["exercises"]]
    was = {"exercises.yaml": {"exercises": [{"id": each} for each in "abc"]}}
    newer = {"exercises.yaml": {"exercises": [{"id": each} for each in "cab"]}}
    yours = {"exercises.yaml": {"exercises": [{"id": each} for each in ("a", "ours", "b", "c")]}}
    (each,) = changes(was, newer, yours)
    assert (each.kind, each.newer) == (Kind.ORDER, ["c", "a", "b"])
    assert len(ids) > 2
    files = {"exercises.yaml": "exercises:\n- id: a\n- id: ours\n- id: b\n- id: c\n"}
    after = taken_over(files, {"exercises.yaml": "exercises:\n- id: c\n- id: a\n- id: b\n"}, [each])
    assert after == {"exercises.yaml": "exercises:\n- id: c\n- id: ours\n- id: a\n- id: b\n"}


@pytest.mark.parametrize(
    ("was", "newer", "yours", "kind", "after"),
    [
        (
            "- id: a\n- id: b\n",
            "- id: a\n- id: x\n- id: b\n",
            "- id: a\n- id: b\n",
            Kind.NEW,
            "- id: a\n- id: x\n- id: b\n",
        ),
        ("- id: a\n- id: b\n", "- id: a\n", "- id: a\n- id: b\n- id: o\n", Kind.GONE, "- id: a\n- id: o\n"),
        ("- id: a\n", "- id: x\n- id: a\n", "- id: o\n- id: a\n", Kind.NEW, "- id: x\n- id: o\n- id: a\n"),
    ],
)
def test_what_is_new_comes_behind_what_it_follows_and_what_went_goes(
    was: str, newer: str, yours: str, kind: Kind, after: str
) -> None:
    three = [{"m.yaml": f"all:\n{each}"} for each in (was, newer, yours)]
    (each,) = changes(*(documents(files) for files in three))
    assert each.kind is kind
    assert taken_over(three[2], three[1], [each]) == {"m.yaml": f"all:\n{after}"}


def test_what_the_draft_took_out_does_not_come_back() -> None:
    was, newer, yours = (
        {"m.yaml": f"all:\n- id: a\n{each}"} for each in ("- id: b\n  t: 1\n", "- id: b\n  t: 2\n", "")
    )
    assert changes(documents(was), documents(newer), documents(yours)) == []


def test_a_text_that_is_new_or_went_is_a_change_of_its_own() -> None:
    text = FILES["guides/flare-up-plan.en-GB.md"].replace("id: flare-up-plan", "id: flare-up-again")
    newer = {**FILES, "guides/again.en-GB.md": text}
    del newer["agreement.md"]
    new, gone = sorted(told(newer), key=lambda each: each.change.kind, reverse=True)
    assert (new.change.kind, gone.change.kind) == (Kind.NEW, Kind.GONE)
    assert taken_over(FILES, newer, [new.change, gone.change]) == newer


def test_of_a_long_text_only_the_lines_that_differ_are_shown() -> None:
    newer = with_words("\n## ", "\nA line that is new.\n\n## ", "welcome.md")
    (each,) = told(newer)
    assert (each.label, "A line that is new." in each.newer, len(each.newer) < 200) == ("Words", True, True)
    assert "…" in each.newer


def test_every_change_taken_over_gives_what_the_newer_version_says() -> None:
    newer = with_words("label: Half way", "label: In the middle")
    newer |= {"messages.yaml": FILES["messages.yaml"].replace("We look forward", "We are glad", 1)}
    after = taken_over(FILES, newer, found(newer))
    assert after == newer


def test_stations_are_said_by_the_names_of_their_exercises() -> None:
    (each,) = told(
        with_words(
            "- exercise: ex-march\n            work_seconds: 45", "- exercise: ex-row\n            work_seconds: 50"
        )
    )
    assert (each.page, each.label) == ("Session 3: Circuit: move and notice", "Stations")
    assert each.newer.split("\n")[0] == "Pull back, 50 seconds of work, 40 seconds of rest"
