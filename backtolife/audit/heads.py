"""How far each service's log reached, told to another place: entries taken off its end show only there."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from backtolife.errors import Invalid

NAME = "audit-heads-"
CANNOT_READ = "This is no file of audit heads. Give one that the nightly check wrote, or its mail as text."


@dataclass(frozen=True)
class Head:
    """The last entry of one service's log at some moment. It says nothing about anybody."""

    service_id: str
    number: int
    hash: str


def lines_of(heads: Iterable[Head]) -> str:
    """One line of JSON each: for a file and for the words of a mail."""
    return "".join(json.dumps(asdict(each)) + "\n" for each in heads)


def read_heads(text: str) -> dict[str, Head]:
    """The heads in a file or in a mail that was kept as text, by service. Raises Invalid where there is none."""
    found = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("{"):
            head = head_in(line)
            found[head.service_id] = head
    if not found:
        raise Invalid(CANNOT_READ)
    return found


def head_in(line: str) -> Head:
    try:
        given = json.loads(line)
        return Head(str(given["service_id"]), int(given["number"]), str(given["hash"]))
    except (ValueError, KeyError, TypeError):
        raise Invalid(CANNOT_READ) from None


def heads_in(file: Path) -> dict[str, Head]:
    """The same, from a file."""
    try:
        return read_heads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} cannot be read: {getattr(error, 'strerror', 'it is no text')}.") from None


def write_heads(folder: Path, heads: Collection[Head], *, now: datetime) -> Path:
    """A new file in `folder`, whole or not at all. One of an earlier night is never touched."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{NAME}{now:%Y-%m-%dT%H%M%S}.jsonl"
    half = file.with_suffix(".half")
    half.write_text(lines_of(heads), encoding="utf-8")
    half.replace(file)
    return file


def newest_heads(folder: Path | None) -> dict[str, Head]:
    """What was written there last; empty where nothing was."""
    files = sorted(folder.glob(f"{NAME}*.jsonl")) if folder is not None and folder.is_dir() else []
    return heads_in(files[-1]) if files else {}
