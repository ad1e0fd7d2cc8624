"""One spot in a JSON data file, so that every refusal names the file, the spot and the rule that was broken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backtolife.errors import Invalid


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A value from a data file together with where it stands, such as `items[3].max`."""

    file: str
    path: str
    value: Any

    def refuse(self, rule: str) -> Invalid:
        """The error to raise when the value here breaks `rule`."""
        return Invalid(f"{self.file}: {self.path or 'the whole file'}: {rule}.", field=self.path or None)

    def at(self, name: str) -> JsonNode:
        """The field `name` of the object here. Raises Invalid when it is absent."""
        found = self.maybe(name)
        if found is None:
            raise self.refuse(f"must have “{name}”")
        return found

    def maybe(self, name: str) -> JsonNode | None:
        """The field `name` of the object here, or None when it is absent or null."""
        value = self.object().get(name)
        path = f"{self.path}.{name}" if self.path else name
        return None if value is None else JsonNode(self.file, path, value)

    def only(self, *names: str) -> None:
        """Raises Invalid when the object here has a field that is not one of `names`."""
        for name in self.object():
            if name not in names:
                raise self.refuse(f"has an unknown field “{name}”; it may have {', '.join(names)}")

    def object(self) -> Mapping[str, Any]:
        """The object here. Raises Invalid when it is something else."""
        if not isinstance(self.value, dict):
            raise self.refuse("must be an object")
        return self.value

    def each(self) -> list[JsonNode]:
        """The places of a list. Raises Invalid when the value is no list."""
        if not isinstance(self.value, list):
            raise self.refuse("must be a list")
        return [JsonNode(self.file, f"{self.path}[{index}]", value) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Text with something in it. Raises Invalid otherwise."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("must be text and not empty")
        return self.value

    def one_of(self, *allowed: str) -> str:
        """One of the allowed words. Raises Invalid otherwise."""
        if self.value not in allowed:
            raise self.refuse(f"must be one of {', '.join(allowed)}, not {self.value!r}")
        return str(self.value)

    def whole(self) -> int:
        """A whole number. Raises Invalid otherwise."""
        if type(self.value) is not int:
            raise self.refuse("must be a whole number")
        return self.value

    def number(self) -> float:
        """A number, whole or not. Raises Invalid otherwise."""
        if type(self.value) not in (int, float):
            raise self.refuse("must be a number")
        return self.value  # type: ignore[no-any-return]

    def flag(self) -> bool:
        """True or false. Raises Invalid otherwise."""
        if not isinstance(self.value, bool):
            raise self.refuse("must be true or false")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of texts. Raises Invalid otherwise."""
        return tuple(node.text() for node in self.each())

    def text_at(self, name: str) -> str | None:
        """The text of an optional field, or None."""
        found = self.maybe(name)
        return None if found is None else found.text()

    def list_at(self, name: str) -> list[JsonNode]:
        """The places of an optional list; empty when it is absent."""
        found = self.maybe(name)
        return [] if found is None else found.each()

    def digest(self) -> str:
        """SHA-256 (64 hex digits) of the value in a fixed spelling, so that layout alone never changes it."""
        spelling = json.dumps(self.value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(spelling.encode()).hexdigest()


def open_file(path: Path) -> JsonNode:
    """The whole of a JSON file as a Place. Raises Invalid naming the line when it is not JSON."""
    try:
        return JsonNode(path.name, "", json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        raise Invalid(f"{path.name}: line {error.lineno}: must be JSON ({error.msg}).") from error
