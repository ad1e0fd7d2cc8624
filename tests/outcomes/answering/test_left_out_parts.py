"""A part that somebody leaves out: the next one follows, and nothing is made up for it."""

import pytest

from backtolife.outcomes.models import Answer, InstrumentResponse
from tests.support.outcomes.group_who_answer import AnsweringGroup


@pytest.mark.parametrize("instrument", ["peg-3", "rmdq-24", "phq-9"])
def test_a_part_can_be_left_out_and_the_next_one_follows(group: AnsweringGroup, instrument: str) -> None:
    client, form = group.as_("maureen"), group.open(instrument)
    assert f"{form}/check" in client.get(f"{form}/1").text or instrument != "rmdq-24"
    page = client.get(f"{form}/check").text
    assert "You have not answered any of these questions" in page
    assert "Leave this part out" in page
    answer = client.post(f"{form}/send", data={"leave_out": "1"}, follow_redirects=True)
    assert (answer.status_code, "You left out “" in answer.text) == (200, True)
    sent = [each for each in group.rows(InstrumentResponse) if each.id in form]
    assert [each.completed_at is not None for each in sent] == [True]
    assert group.rows(Answer) == []


def test_a_part_with_answers_is_not_called_left_out(group: AnsweringGroup) -> None:
    client, form = group.as_("maureen"), group.open("peg-3")
    client.post(f"{form}/1", data={"key": "a", "q-1": "3"})
    assert len(group.rows(Answer)) == 1
    assert "Send them as they are" in client.get(f"{form}/check").text
    answer = client.post(f"{form}/send", data={"leave_out": "1"}, follow_redirects=True).text
    assert "is sent." in answer
