"""What a sent form came to, once more in one cell: the evidence reads it for a whole service at once.

Its rows in `score` and `answer` say the same. To look them up form by form takes most of the time that a service's
figures take, and a form never changes once it is sent: only opening it again takes back what it came to.
"""

import json
from collections.abc import Mapping

from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.scoring.result import ScoredForm

NOT_SENT = ""


def summary(result: ScoredForm, form: Form, given: Mapping[str, int | str | None]) -> str:
    """As JSON: each figure by its scale or, where nothing is scored, each answer by its question.

    What is not there is left out, and so is what people wrote in their own words.
    """
    found: dict[str, float | int | str] = {
        scale: float(figure.value) for scale, figure in result.figures.items() if figure.value is not None
    }
    if not result.figures:
        chosen = {each.id: given.get(each.id) for each in form.questions if each.kind != "text"}
        found = {item: answer for item, answer in chosen.items() if answer is not None}
    return json.dumps(found, separators=(",", ":"))
