"""What a home page puts first."""

import pytest

from backtolife.home.rules import Now, Step, step, what_now
from backtolife.programme.cohorts.rules import Door


@pytest.mark.parametrize(
    ("door", "before_start", "questions_due", "video_left", "first"),
    [
        (Door.OPEN, True, True, True, Now.JOIN),
        (Door.EARLY, True, True, True, Now.QUESTIONS),
        (Door.EARLY, False, True, True, Now.VIDEO),
        (Door.EARLY, False, True, False, Now.QUESTIONS),
        (Door.EARLY, False, False, True, Now.VIDEO),
        (None, False, False, False, Now.NOTHING),
    ],
)
def test_the_most_pressing_thing_comes_first(
    door: Door | None, before_start: bool, questions_due: bool, video_left: bool, first: Now
) -> None:
    assert what_now(door=door, before_start=before_start, questions_due=questions_due, video_left=video_left) is first


def test_a_session_that_is_over_is_done_only_for_who_came() -> None:
    assert step(3, next_number=4, came=True) is Step.DONE
    assert step(3, next_number=4, came=False) is Step.MISSED
    assert step(4, next_number=4, came=False) is Step.NEXT
    assert step(5, next_number=4, came=False) is Step.LATER
    assert step(9, next_number=None, came=True) is Step.DONE
