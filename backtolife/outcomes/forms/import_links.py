"""How the file a form came from names its questions and answers, so that what leaves here says the same names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.fhir.mapping import extra_id
from backtolife.outcomes.fhir.matching import Match
from backtolife.outcomes.fhir.question import Found

Links = Mapping[str, Mapping[str, Any]]
"""By question id: the linkId, and by stored answer (as text) the coding of the file."""


def links_of(matches: Sequence[Match], form: Form) -> dict[str, dict[str, Any]]:
    """The names of everything that is asked, for `ImportedForm.links`."""
    asked = {question.id: question for question in form.questions}
    links = {}
    for match in matches:
        own = match.part if match.part in asked else extra_id(match.found.link_id)
        if own in asked:
            links[own] = {"linkId": match.found.link_id, "codings": codings(match.found, asked[own])}
    return links


def codings(found: Found, question: Question) -> dict[str, dict[str, str]]:
    """The coding of each answer. A form keeps the file's answers in order, a scale its lowest first."""
    if not any(option.code for option in found.options):
        return {}
    if question.kind == "scale" and question.minimum is not None:
        values: list[int | str] = [question.minimum + place for place in range(len(found.options))]
    elif question.kind == "choice":
        values = [option.value for option in question.options]
    else:
        return {}
    pairs = zip(values, found.options, strict=True)
    return {str(value): coding(each.system, each.code, each.label) for value, each in pairs}


def coding(system: str, code: str, display: str) -> dict[str, str]:
    found = {"system": system, "code": code, "display": display}
    return {name: words for name, words in found.items() if words}
