"""Every page, message and screen text is in plain English: the odd words that strangers stumbled over stay away."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ODD = {
    "Correct attendance": r"\bput (?:attendance )?right\b",
    "Enter answers": r"\bwr(?:ite|itten|ote)(?: the answers)? in(?: answers|\b(?=[.,; ]*(?:and send|by \{)))",
    "Enter": r"\bgive (?:0|a number|the number)\b",
    "Download data": r"\btake the data away\b",
    "Give access": r"\blets? a program (?:in\b|read)|\blet in by\b|\b(?:been|were) let in\b(?! )",
    "Revoke": r"\bshut (?:out|one out)\b",
    "Expired": r"\bran out\b|\blicence (?:is )?over\b",
    "Emergency contact": r"\bin a crisis call\b",
    "Nothing reported": r"\bnothing told\b",
    "Observer": r"\blooks? on\b(?! \{)",
    "Who": r"\bwhom\b",
    "Approve": r"\bread them and sign\b|\bsigned for\b",
    "Do not match": r"\bdo not go together\b",
    "Forgotten password?": r"\bdo not know my password\b",
    "Just arrived": r"\bjust came\b",
    "Scores over time": r"\btheir lines\b",
    "Effect size": r"\bin units of spread\b",
    "Related factors": r"\bgoes with change\b",
    "May be identifiable": r"\bbe known from\b|\bknown from what they wrote\b",
    "Characters, where they are counted": r"(?:at most|up to|under|by|than) (?:\{\}|\d+) letters\b",
    "A character that cannot be shown": r"\bholds? (?:a sign|signs)\b|\bhalf a letter\b",
    "What it says now": r"\bstands there\b|\bas (?:it|they) stands?\b|\blet it stand\b",
    "Remove": r"\btake (?:it |them |one or the other )?away\b|\btaken away\b|\btake the invitation back\b",
    "A shift": r"\bturn of duty\b",
    "From the list": r"\bof the list\b",
    "At the moment": r"\bat present\b(?!\.$)",
    "Again": r"\banew\b",
    "Connection": r"\bweak link\b|\bthe link is back\b|\bno link (?:just now|to us)\b",
    "Fix": r"\bmend\b",
    "Automatically": r"\bby (?:it|them)sel(?:f|ves)\.(?=[^A-Za-z]*(?:You can|Press|What))",
    "One person, one minute": r"\b1 (?:people|minutes|forms|rows|tasks|seconds)\b",
}
"""A plain word or phrase, and the odd ones that were in its place."""
COUNTED = r"\{\{ ?[\w.]*people ?\}\} people|\$\{(?:count|whole)\} (?:seconds|minutes)"
"""A number with its noun always in the plural: one person would be "1 people"."""


def in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.jinja")):
        yield str(path.relative_to(ROOT)), re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def whole(node: ast.JoinedStr) -> str:
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)


def spoken(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that may be shown: no docstring, and an f-string whole, each of its values as {}."""
    notes = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    parts = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield whole(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes | parts:
            yield node.value


def in_python() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "backtolife").rglob("*.py")):
        for words in spoken(ast.parse(path.read_text(encoding="utf-8"))):
            if " " in words.strip():
                yield str(path.relative_to(ROOT)), words


def in_scripts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        code = re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for words in re.findall(r"\"[^\"\n]* [^\"\n]*\"|`[^`]* [^`]*`", code):
            yield str(path.relative_to(ROOT)), words


def in_messages() -> Iterator[tuple[str, str]]:
    path = ROOT / "backtolife/programme/plan/shipped/messages.yaml"
    yield str(path.relative_to(ROOT)), re.sub(r"(?m)^ *#.*$", "", path.read_text(encoding="utf-8"))


def in_questions() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "backtolife/outcomes/catalogue/words").glob("*.json")):
        yield str(path.relative_to(ROOT)), json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)


Texts = Callable[[], Iterator[tuple[str, str]]]


@pytest.mark.parametrize("texts", [in_templates, in_python, in_scripts, in_messages, in_questions])
def test_no_page_or_message_has_an_odd_phrase_where_a_plain_one_exists(texts: Texts) -> None:
    read = list(texts())
    found = [
        f"{where}: “{hit.group()}” (say: {plain})"
        for where, words in read
        for plain, odd in ODD.items()
        for hit in re.finditer(odd, words, re.IGNORECASE)
    ]
    assert read
    assert found == []


@pytest.mark.parametrize("texts", [in_templates, in_scripts])
def test_a_count_of_one_is_followed_by_a_noun_for_one(texts: Texts) -> None:
    assert [(where, hit) for where, words in texts() for hit in re.findall(COUNTED, words)] == []
