"""The compiled routes of a test process: every test has an application of its own, and all have the same addresses."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class BuiltOnce:
    """Keeps in memory how Werkzeug writes the address of a rule, which it works out for each application again.

    What comes out hangs on nothing but the words of the rule; its converters are asked by the rule itself each time.
    """

    def __init__(self) -> None:
        self._plain = Rule._compile_builder
        self._built: dict[tuple[object, ...], Builder] = {}

    def __call__(self, rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
        if key not in self._built:
            self._built[key] = self._plain(rule, append_unknown)
        return self._built[key]

    def use(self) -> None:
        """From now on, in this process."""

        def compile_builder(rule: Any, append_unknown: bool = True) -> Builder:
            return self(rule, append_unknown)

        Rule._compile_builder = compile_builder  # type: ignore[method-assign]
