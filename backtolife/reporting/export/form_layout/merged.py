"""One form that holds every question a service ever asked for an instrument, so that no answer lacks a column."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backtolife.outcomes.catalogue.wording import Form, Option, Question

EARLIER = "A question of earlier words, which this product does not hold any more"


def merged(newest: Form, earlier: Iterable[Form], unknown: Sequence[tuple[str, bool]] = ()) -> Form:
    """The newest words, with the questions, choices and ranges that only earlier words had after their own.

    `unknown` are questions that were answered and stand in no words we hold: their id, and whether the answers are
    words and not numbers.
    """
    found = {question.id: question for question in newest.questions}
    for form in earlier:
        for question in form.questions:
            known = found.get(question.id)
            found[question.id] = question if known is None else widened(known, question)
    for name, in_words in unknown:
        found.setdefault(name, Question(name, "text" if in_words else "number", EARLIER, None, item=False))
    return replace(newest, questions=tuple(found.values()))


def widened(newest: Question, earlier: Question) -> Question:
    """The newest words of a question, with choices and ends of the scale that only the earlier had."""
    known = {option.value for option in newest.options}
    added: tuple[Option, ...] = tuple(option for option in earlier.options if option.value not in known)
    lows = [each for each in (newest.minimum, earlier.minimum) if each is not None]
    highs = [each for each in (newest.maximum, earlier.maximum) if each is not None]
    return replace(
        newest,
        options=(*newest.options, *added),
        minimum=min(lows, default=None),
        maximum=max(highs, default=None),
    )
