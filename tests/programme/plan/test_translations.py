"""Messages in other languages: used where they are published, in a shorter form of a tag too, else in our own words."""

import shutil
from pathlib import Path

import pytest

from backtolife.errors import Invalid
from backtolife.programme.plan.loading import SHIPPED, load
from backtolife.programme.plan.titles import in_language

WELSH = """
id: backtolife-messages-cy
version: 1.0.0
language: cy
licence: CC BY 4.0
status: published
templates:
  - id: welcome
    title: Croeso
    trigger: patient_enrolled
    email:
      subject: "Croeso gan {service_short_name}"
      body: |
        Helo {first_name},

        Croeso. {dates} {link} {service_phone}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "programme"))


def write(folder: Path, words: str = WELSH, name: str = "messages.cy.yaml") -> Path:
    (folder / name).write_text(words, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["cy", "cy-GB"])
def test_published_words_are_taken_and_a_text_without_any_stays_in_ours(folder: Path, language: str) -> None:
    ours = load(write(folder))
    theirs = in_language(ours, "welcome", language).messages["welcome"]
    assert theirs.subject == "Croeso gan {service_short_name}"
    assert theirs.bodies["email"].startswith("Helo {first_name},")
    assert theirs.bodies["sms"] == ours.messages["welcome"].bodies["sms"]
    assert in_language(ours, "reminder-24h", language) is ours, "of this one there are no words in it"


@pytest.mark.parametrize("language", ["", "en", "pl", "c"])
def test_where_there_are_none_the_words_are_ours(folder: Path, language: str) -> None:
    ours = load(write(folder))
    assert in_language(ours, "welcome", language) is ours


def test_words_that_are_not_published_are_checked_and_not_taken(folder: Path) -> None:
    draft = load(write(folder, WELSH.replace("published", "draft")))
    assert in_language(draft, "welcome", "cy") is draft
    with pytest.raises(Invalid, match=r"messages\.cy\.yaml.*who"):
        load(write(folder, WELSH.replace("published", "draft").replace("{dates}", "{who}")))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("language: cy", "language: pl", "are not the same"),
        ("- id: welcome", "- id: croeso", "there is no message croeso"),
        ("licence:", "license:", "license is not a known name here"),
    ],
)
def test_a_file_somebody_spoilt_is_refused(folder: Path, old: str, new: str, rule: str) -> None:
    with pytest.raises(Invalid, match=rule):
        load(write(folder, WELSH.replace(old, new)))
