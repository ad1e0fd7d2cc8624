"""Every hazard is whole, and its test and the line of its control are where it says."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tools.assurance import pages
from tools.assurance.checks import faults, of_hazards
from tools.assurance.hazards import FOLDER, RATING, Hazard, Likelihood, read_hazards
from tools.assurance.named_tests import is_there, named_in

ENTRY = yaml.safe_load((FOLDER / "asking.yml").read_text(encoding="utf-8"))[0]


def test_the_pack_holds_what_it_says() -> None:
    assert faults() == []


def test_each_of_many_hazards_has_a_test_of_its_own() -> None:
    hazards = read_hazards()
    assert len(hazards) >= 20
    assert len({each.test for each in hazards}) == len(hazards)


@pytest.mark.parametrize("field", sorted(ENTRY))
def test_a_hazard_without_one_of_its_fields_is_refused(field: str, tmp_path: Path) -> None:
    whole = {name: value for name, value in ENTRY.items() if name != field}
    (tmp_path / "some.yml").write_text(yaml.safe_dump([whole]), encoding="utf-8")
    with pytest.raises(ValidationError, match=field):
        read_hazards(tmp_path)


@pytest.mark.parametrize("change", [{"control": " "}, {"before": {"severity": "awful", "likelihood": "low"}}])
def test_an_empty_field_and_a_grade_that_is_none_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Hazard.model_validate(ENTRY | change)


def test_a_test_that_does_not_exist_is_named() -> None:
    gone = Hazard.model_validate(ENTRY | {"test": "tests/outcomes/safety/test_rota.py::test_none"})
    assert [each for each in of_hazards([gone]) if "does not exist" in each]
    assert is_there("tests/outcomes/safety/test_rota.py")
    assert not is_there("tests/none.py")
    assert not is_there("tests/outcomes/safety/test_rota.py::patient"), "what is no test shows nothing"


@pytest.mark.parametrize("line", ["there is no such line", "task"])
def test_a_line_that_is_gone_or_stands_there_twice_switches_nothing_off(line: str) -> None:
    lost = Hazard.model_validate(ENTRY | {"switch": ENTRY["switch"] | {"line": line}})
    (said,) = of_hazards([lost])
    assert said.startswith("H-01: the line that switches its control off")


def test_two_hazards_of_one_number_are_named() -> None:
    whole = Hazard.model_validate(ENTRY)
    assert list(of_hazards([whole, whole])) == ["H-01 is the number of 2 hazards. Give each its own."]


def test_a_page_that_is_out_of_date_is_told_apart_from_one_that_is_not() -> None:
    for name, make in pages.MADE.items():
        page = (pages.FOLDER / name).read_text(encoding="utf-8")
        assert pages.with_made_part(page, make()) == page
        assert pages.with_made_part(page, make() + "One more.\n") != page


def test_graver_or_likelier_is_never_rated_lower() -> None:
    rows = [RATING[each] for each in Likelihood]
    assert all(tuple(sorted(row)) == row for row in rows)
    assert all(low <= high for one, two in pairwise(rows) for low, high in zip(one, two, strict=True))


def test_tests_are_found_in_words() -> None:
    assert named_in("by `tests/a/test_b.py::test_c`, and tests/d.py.") == ["tests/a/test_b.py::test_c", "tests/d.py"]
