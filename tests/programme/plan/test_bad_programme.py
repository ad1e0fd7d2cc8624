"""A file somebody spoilt is refused with its name, the line and the rule."""

import re
import shutil
from pathlib import Path

import pytest

from backtolife.errors import Invalid
from backtolife.programme.plan.loading import SHIPPED, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "programme"))


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first `old` in a file and return the line it was on."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


# file, what is replaced, by what, the refusal's line counted from there (None where it is the whole entry's), the rule
CASES: list[tuple[str, str, str, int | None, str]] = [
    ("programme.yaml", "kind: check_in", "kind: chat", 0, "kind is 'chat'. Use one of"),
    ("programme.yaml", "mic: facilitator_only", "mic: loud", 0, "mic is 'loud'"),
    ("programme.yaml", "layout: gallery", "layout: grid", 0, "layout is 'grid'"),
    ("programme.yaml", "        minutes: 14", "        minutes: 15", -17, "the sections take 91 minutes"),
    ("programme.yaml", "        minutes: 14", "        minutes: soon", 0, "a whole number from 1 to 240"),
    ("programme.yaml", "exercise: ex-march", "exercise: ex-moonwalk", 0, "there is no exercise 'ex-moonwalk'"),
    ("programme.yaml", "- v02-pacing", "- v99-none", 0, "there is no video 'v99-none'"),
    ("programme.yaml", "- v02-pacing", "- v03-thoughts-and-mood", 0, "belongs to another session"),
    ("programme.yaml", "ref: relax-breathing", "ref: relax-none", 0, "there is no relaxation script 'relax-none'"),
    ("programme.yaml", "music_id: music-soft-tones", "music_id: music-loud", 0, "there is no music 'music-loud'"),
    ("programme.yaml", "milestone: baseline", "milestone: never", 0, "there is no milestone 'never'"),
    ("programme.yaml", "anchor_session: 5", "anchor_session: 10", 0, "a whole number from 1 to 9"),
    ("programme.yaml", "      offset_days: -7", "      offset_months: 1\n      offset_days: -7", -1, "give either"),
    ("programme.yaml", "      - 77\n", "", -8, "day_offsets has 8 days for 9 sessions"),
    ("programme.yaml", "      - 14\n", "      - 5\n", 0, "must begin with 0 and grow"),
    ("programme.yaml", "number: 2", "number: 3", 0, "this should be 2"),
    ("programme.yaml", "id: s2-welcome", "id: s1-welcome", 0, "the id s1-welcome is used twice"),
    ("programme.yaml", "title: Say hello", "tittle: Say hello", 0, "tittle"),
    ("programme.yaml", "intro_seconds: 180", "intro_seconds: 1800", None, "the circuit takes 2570 seconds"),
    ("programme.yaml", "breakout_size_max: 4", "breakout_size_max: 2", None, "the first not above the second"),
    ("programme.yaml", "title: 'Back", "title: again\ntitle: 'Back", 1, "title is given twice"),
    ("programme.yaml", "theme: Under", "theme: [", None, "not valid YAML"),
    ("exercises.yaml", "id: ex-march", "id: ex-shoulder-roll", None, "the exercise id ex-shoulder-roll is used twice"),
    ("exercises.yaml", "effort_to: 3", "effort_to: 11", 0, "a whole number from 1 to 10"),
    ("messages.yaml", "Questions? Call", "Have you any questions for us? Call", 0, "The limit is 160"),
    ("messages.yaml", "Questions? Call", "Questions ✓ Call", 0, "GSM-7"),
    ("messages.yaml", "Questions? Call", "Questions? {who} Call", 0, "{who} is not among the placeholders"),
    ("messages.yaml", "Questions? Call", "Questions? {Call", 0, "a { or } that is not part"),
    ("messages.yaml", '"Your sign-in link"', '"Your pain clinic link"', 0, "take out 'pain'"),
    ("messages.yaml", "example: Sam", "example: Bartholomew-James", 0, "longer than its max_length of 15"),
    ("videos/01-how-pain-works.md", "paragraph: 2", "paragraph: 1", 0, "a whole number from 2 to 6"),
    ("videos/01-how-pain-works.md", "session: 1", "session: ten", 0, "a whole number from 1 to 9"),
    # A name that may be left out is the one whose misspelling nobody would see.
    ("programme.yaml", "    lead_notes:", "    leed_notes:", 0, "leed_notes is not a known name here. Known: "),
    ("programme.yaml", "        times_per_week: 3", "        times_a_week: 3", 0, "times_a_week is not a known name"),
    ("programme.yaml", "licence_url:", "licence_adress:", 0, "licence_adress is not a known name here"),
    ("programme.yaml", "accountable_clinician:", "clinician:", 0, "clinician is not a known name here"),
    ("exercises.yaml", "    contraindication_notes:", "    contra_notes:", 0, "contra_notes is not a known name here"),
    ("exercises.yaml", "effort_scale:", "effort_scales:", 0, "effort_scales is not a known name here"),
    ("messages.yaml", '    sms: "', '    smss: "', 0, "smss is not a known name here"),
    ("videos/01-how-pain-works.md", "session: 1", "session: 1\nspeaker: Sam", 1, "speaker is not a known name here"),
    ("guides/urgent-help.en-GB.md", "audience:", "publsh: no\naudience:", 0, "publsh is not a known name here"),
    ("relaxation/breathing.md", "eyes:", "eye: shut\neyes:", 0, "eye is not a known name here"),
    ("relaxation/breathing.md", "[pause 6s]", "[pause a while]", None, "every pause written as"),
]


@pytest.mark.parametrize("case", CASES)
def test_a_spoilt_file_is_named_with_its_line_and_the_rule(
    folder: Path, case: tuple[str, str, str, int | None, str]
) -> None:
    name, old, new, offset, rule = case
    line = spoil(folder, name, old, new)
    with pytest.raises(Invalid) as refusal:
        load(folder)
    told = re.match(rf"{re.escape(name)}, line (\d+): (.*)", refusal.value.message, re.DOTALL)
    assert told, refusal.value.message
    assert rule in told.group(2)
    if offset is not None:
        assert int(told.group(1)) == line + offset


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "messages.yaml").unlink()
    with pytest.raises(Invalid, match=r"messages\.yaml, line 1: the file is missing"):
        load(folder)


def test_a_file_in_another_encoding_is_named_with_its_line(folder: Path) -> None:
    path = folder / "welcome.md"
    path.write_bytes(path.read_bytes() + "\ncafé\n".encode("latin-1"))
    with pytest.raises(Invalid, match=r"welcome\.md, line \d+: the text is not UTF-8"):
        load(folder)


def test_a_guide_without_front_matter_is_refused(folder: Path) -> None:
    (folder / "guides" / "extra.md").write_text("# Only words\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"guides/extra\.md, line 1: the file must begin with front matter"):
        load(folder)
