"""What a person reads before a form is loaded: everything in the file that patients will not see or meet otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.fhir.matching import ASKED, LEFT_OUT, Match
from backtolife.outcomes.fhir.question import ASKS, Found
from backtolife.outcomes.fhir.reading import Questionnaire


def notes_of(found: Questionnaire, matches: Sequence[Match], instrument: Instrument) -> list[str]:
    """Each thing that is not taken over as it stands, in a sentence."""
    notes = list(found.notes)
    for match in matches:
        notes += about_one(match)
    return notes + list(about_all([each.found for each in matches if each.part != LEFT_OUT], matches, instrument))


def about_one(match: Match) -> Iterator[str]:
    each = match.found
    if match.part == LEFT_OUT:
        yield f"{each.named} is left out{why(each)}."
        for words in filter(None, (each.lead_in, each.hint)):
            yield f"With {each.named} go the words “{words}”."
        return
    if each.conditional and match.part == ASKED:
        yield f"{each.named} is asked of everybody. The file asks it only after some answers."
    if each.repeats and match.part == ASKED:
        yield f"{each.named} takes one answer. The file takes several."
    if each.type == "open-choice":
        yield f"{each.named} takes no answer in people’s own words. The file does."
    if each.options and each.type in ("string", "text"):
        yield f"{each.named} offers answers to choose from, and is written in people’s own words here."


def why(each: Found) -> str:
    if each.silent:
        return f": the file says it is {each.silent}"
    return "" if each.type in ASKS else f": no page here can ask for a {each.type}"


def about_all(asked: Sequence[Found], matches: Sequence[Match], instrument: Instrument) -> Iterator[str]:
    """What is true of many questions, said once."""
    odd = Counter(name for match in matches for name in match.found.oddities)
    if odd:
        yield f"Not taken over from the questions: {', '.join(f'{name} ({count})' for name, count in odd.items())}."
    if any(option.printed for each in asked for option in each.options):
        yield "The number printed before each answer is kept as what the answer counts, and not shown."
    if any(each.node.object().get("required") is True for each in asked):
        yield "The file demands an answer to some questions. Here a patient may leave any question out."
    order = [match.part for match in matches if match.part in instrument.positions]
    if order != sorted(order, key=instrument.positions.__getitem__):
        yield f"The questions are in a different order from {instrument.name}. Patients see the order of the file."
    if instrument.tick_list and asked and all(each.type == "boolean" or len(each.options) == 2 for each in asked):
        yield "Each question is a box to tick: a tick is yes, and its two answers are not shown."
