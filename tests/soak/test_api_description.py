"""Schemathesis at the HTTP API, longer than in the suite: with a token, with one for less, without."""

from collections import Counter

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.reporting.api.test_api import API, Desk, desk, patience
from tests.support.figures import figure

__all__ = ["desk", "patience"]
EXAMPLES = 300
WITHOUT = {
    "no token": {},
    "a wrong token": {"Authorization": "Bearer nobodys"},
    "another scheme": {"Authorization": "Basic Og=="},
}


def ask(app: Flask, headers: dict[str, str]) -> Counter[int]:
    """Every operation, right requests and wrong ones; each answer is held against the description."""
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    seen: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def holds(case: schemathesis.Case) -> None:
                answer = case.call_and_validate(headers={**headers, "Accept-Encoding": "identity"})
                seen[answer.status_code] += 1

            holds()
    return seen


def told(seen: Counter[int]) -> str:
    return f"{seen.total()} requests, answered " + ", ".join(
        f"{status}: {count}" for status, count in sorted(seen.items())
    )


def test_with_a_token_every_answer_is_as_described(app: Flask, desk: Desk) -> None:
    seen = ask(app, {"Authorization": f"Bearer {desk.token}"})
    figure(f"with a token: {told(seen)}")
    assert {200, 400} <= set(seen)
    assert max(seen) < 500


@pytest.mark.parametrize("desk", [("results:read",)], indirect=True)
def test_with_a_token_for_less_every_answer_is_as_described(app: Flask, desk: Desk) -> None:
    seen = ask(app, {"Authorization": f"Bearer {desk.token}"})
    figure(f"with a token for results alone: {told(seen)}")
    assert {200, 403} <= set(seen)
    assert max(seen) < 500


@pytest.mark.parametrize("who", WITHOUT)
def test_without_one_nothing_is_given(app: Flask, desk: Desk, who: str) -> None:
    assert desk
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    seen: Counter[int] = Counter()
    for found in schema.get_all_operations():
        answer = found.ok().Case().call(headers=WITHOUT[who])
        seen[answer.status_code] += 1
    figure(f"{who}: {told(seen)}")
    assert set(seen) == {401}
