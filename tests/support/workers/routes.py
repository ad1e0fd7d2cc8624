"""The compiled routes of a test process: every test has an application of its own, and all have the same addresses."""

from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.routing import Rule
from werkzeug.routing.converters import BaseConverter
from werkzeug.routing.rules import RulePart

Builder = Callable[..., tuple[str, str]]
Read = tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]


class BuiltOnce:
    """Keeps in memory how Werkzeug reads and writes the address of a rule, which it works out for each application.

    What comes out hangs on nothing but the words of the rule and the kinds of values in it.
    """

    def __init__(self) -> None:
        self._plain_builder = Rule._compile_builder
        self._plain_reader = Rule._parse_rule
        self._built: dict[tuple[object, ...], Builder] = {}
        self._read: dict[tuple[object, ...], Read] = {}

    def __call__(self, rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
        if key not in self._built:
            self._built[key] = self._plain_builder(rule, append_unknown)
        return self._built[key]

    def read(self, rule: Rule, words: str) -> Iterator[RulePart]:
        """The parts of `words`, noted in the rule as Werkzeug notes them."""
        key = (words, frozenset(rule.map.converters.items()))
        if key not in self._read:
            before, had = len(rule._trace), set(rule._converters)
            parts = list(self._plain_reader(rule, words))
            found = {name: each for name, each in rule._converters.items() if name not in had}
            self._read[key] = (parts, rule._trace[before:], found)
            yield from parts
            return
        parts, trace, found = self._read[key]
        rule._trace.extend(trace)
        rule._converters.update(found)
        rule.arguments.update(found)
        yield from parts

    def use(self) -> None:
        """From now on, in this process."""

        def compile_builder(rule: Any, append_unknown: bool = True) -> Builder:
            return self(rule, append_unknown)

        def parse_rule(rule: Any, words: str) -> Iterator[RulePart]:
            return self.read(rule, words)

        Rule._compile_builder = compile_builder  # type: ignore[method-assign]
        Rule._parse_rule = parse_rule  # type: ignore[method-assign]
