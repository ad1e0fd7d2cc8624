"""A guide to read beside the room: folded by its headings."""

from backtolife.programme.plan.guide_parts import Block, Kind, Run, parts_of
from backtolife.programme.plan.loading import shipped

BODY = """# Title

Before.

## One

Plain and **bold** words
over two lines.

- first
- second

1. step

| A | B |
| --- | --- |
| 1 | |

## Two

End."""


def test_parts_hold_paragraphs_lists_steps_and_tables() -> None:
    one, two = parts_of(BODY)
    assert (one.heading, two.heading) == ("One", "Two")
    assert [block.kind for block in one.blocks] == [Kind.WORDS, Kind.BULLETS, Kind.STEPS, Kind.TABLE]
    assert one.blocks[0].rows == (
        ((Run("Plain and ", False), Run("bold", True), Run(" words over two lines.", False)),),
    )
    assert one.blocks[1].rows == (((Run("first", False),),), ((Run("second", False),),))
    assert one.blocks[3].rows[1] == ((Run("1", False),), ())


def test_a_list_item_goes_on_in_the_next_line_and_a_second_paragraph_stays_in_it() -> None:
    (part,) = parts_of("## One\n\n- a long\n  item\n\n  and more\n- second\n\n---\n\n### Small\n")
    bullets, small = part.blocks
    assert bullets.rows == (((Run("a long item and more", False),),), ((Run("second", False),),))
    assert small == Block(Kind.WORDS, (((Run("Small", False),),),))


def test_signs_that_are_meant_as_they_stand_lose_only_what_says_so() -> None:
    (part,) = parts_of(
        "## 1 \\* 2\n\nA \\*star\\* and *soft* words, `code`, 3 < 4 & [a link](/x).\n\n| a \\| b |\n| --- |\n"
    )
    assert part.heading == "1 * 2"
    assert part.blocks[0].rows == (((Run("A *star* and soft words, code, 3 < 4 & a link.", False),),),)
    assert part.blocks[1].rows == (((Run("a | b", False),),),)


def test_the_shipped_guide_loses_none_of_its_words() -> None:
    body = shipped().facilitator_guide.body
    parts = parts_of(body)
    assert {"Medical emergency", "When someone drops off", "Running order"} <= {part.heading for part in parts}
    runs = [run.words for part in parts for block in part.blocks for row in block.rows for line in row for run in line]
    assert not [words for words in runs if "**" in words or words.startswith("|")]
    assert len(" ".join(runs)) > 0.85 * len(body)
