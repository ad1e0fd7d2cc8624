"""Whether a test that a page names is there. Tests are read, not collected: that takes a moment instead of a minute."""

import ast
import re
from functools import cache
from pathlib import Path

from backtolife.config import ROOT

NAMED = re.compile(r"tests/[\w/]+\.py(?:::\w+)?|tests/[\w/]+\.test\.js")


@cache
def tests_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


def is_there(name: str) -> bool:
    """Whether `name`, a file of tests or one test in it, exists."""
    file, _, test = name.partition("::")
    path = ROOT / file
    return path.is_file() and (not test or test in tests_in(path))


def named_in(text: str) -> list[str]:
    """Every test that `text` names, in its order."""
    return list(dict.fromkeys(NAMED.findall(text)))
