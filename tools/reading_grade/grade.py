"""Which passages are too hard, by the Flesch-Kincaid grade and by how long their sentences are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import textstat
import yaml

from backtolife.config import ROOT
from tools.reading_grade.passages import ENOUGH, Passage

EXCEPTIONS = "tools/reading_grade/exceptions.yaml"
MOST = 6.0
"""Grade: years at a school of the United States. What a reader of eleven or twelve follows with ease."""
LONGEST = 25
"""Words in one sentence, as GOV.UK asks for. A mean over short neighbours would hide one long sentence."""
END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Allowed:
    """Words that may be harder, and why they stay."""

    words: str
    reason: str


def grade(text: str) -> float:
    return float(textstat.textstat.flesch_kincaid_grade(text))


def too_hard(passage: Passage) -> str | None:
    """What is wrong with it, for a person to read."""
    long = [sentence for sentence in END.split(passage.text) if len(sentence.split()) > LONGEST]
    if long:
        return f"{passage.where}: {len(long[0].split())} words in one sentence, of {LONGEST} at the most: {long[0]}"
    if passage.words >= ENOUGH and grade(passage.text) > MOST:
        return f"{passage.where}: grade {grade(passage.text):.1f}, of {MOST} at the most: {passage.text}"
    return None


def faults(passages: Iterable[Passage], exceptions: Iterable[Allowed]) -> list[str]:
    """Every passage that is too hard without a reason, and every reason that nothing needs any more."""
    needed: set[Allowed] = set()
    found = []
    kept = list(exceptions)
    for passage in passages:
        fault = too_hard(passage)
        if fault is None:
            continue
        reasons = [each for each in kept if each.words in passage.text]
        needed.update(reasons)
        if not reasons:
            found.append(fault)
    return found + [
        f"{EXCEPTIONS}: nothing needs this exception any more: {each.words}" for each in kept if each not in needed
    ]


def exceptions() -> list[Allowed]:
    read = yaml.safe_load((ROOT / EXCEPTIONS).read_text(encoding="utf-8")) or []
    return [Allowed(**each) for each in read]
