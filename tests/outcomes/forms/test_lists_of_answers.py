"""Lists of answers that a file keeps apart from its questions."""

import pytest

from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir import answer_options
from backtolife.outcomes.fhir.reading import read_questionnaire


def test_a_list_of_answers_nobody_could_choose_from_is_refused_and_a_shared_one_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def form(answers: int, questions: int) -> JsonNode:
        concept = [{"code": str(number), "display": f"Answer {number}"} for number in range(answers)]
        items = [
            {"linkId": str(number), "text": f"Question {number}", "type": "choice", "answerValueSet": "#all"}
            for number in range(questions)
        ]
        contained = [{"resourceType": "ValueSet", "id": "all", "compose": {"include": [{"concept": concept}]}}]
        return JsonNode("one", "", {"resourceType": "Questionnaire", "contained": contained, "item": items})

    assert any("200 answers" in fault.message for fault in read_questionnaire(form(201, 1)).faults)
    read: list[JsonNode] = []
    concepts = answer_options.concepts

    def watched(node: JsonNode) -> tuple[answer_options.Offered, ...]:
        read.append(node)
        return concepts(node)

    monkeypatch.setattr(answer_options, "concepts", watched)
    found = read_questionnaire(form(200, 300))
    assert {len(each.options) for each in found.questions} == {200}
    assert len(read) == 1
