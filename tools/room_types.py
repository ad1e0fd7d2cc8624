"""The types of the room for its scripts, from the Python ones: `python -m tools.room_types` writes them anew.

`python -m tools.room_types --check` says whether the files are as the code says, and exits 1 where one is not.
"""

import ast
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from backtolife.config import ROOT
from backtolife.programme.plan import template
from backtolife.sessions.broadcast.messages import MESSAGES
from backtolife.sessions.events.registry import EVENTS
from backtolife.sessions.events.replies import Refusal, Warned
from backtolife.sessions.joining import room_page
from backtolife.sessions.state import room_state, room_view

FOLDER = ROOT / "static" / "js" / "room"
COMMAND = "python -m tools.room_types"
HEAD = f"/* Made from the Python types by `{COMMAND}`; to change it, change those. */\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null", object: "unknown"}
EMPTY = "Record<string, never>"
STATE: tuple[object, ...] = (room_view.PatientView, room_view.StaffView, Refusal, Warned)


@dataclass(frozen=True)
class Field:
    """One key of a TypedDict."""

    name: str
    kind: object
    optional: bool
    words: str


@dataclass(frozen=True)
class Shape:
    """One TypedDict as it is written: what it stands on, its own keys, its words."""

    name: str
    bases: tuple[type, ...]
    fields: tuple[Field, ...]
    words: str


def aliases() -> dict[object, str]:
    """The names of lists of words, and of choices between shapes."""
    return {
        value: name
        for module in (room_state, room_view, template)
        for name, value in vars(module).items()
        if get_origin(value) is Literal or isinstance(value, UnionType)
    }


def shape_of(kind: type) -> Shape:
    """A TypedDict as its source says it: Python keeps neither the order of standing on one another nor the words."""
    module = sys.modules[kind.__module__]
    (written,) = (one for one in tree_of(module).body if isinstance(one, ast.ClassDef) and one.name == kind.__name__)
    hints = get_type_hints(kind, include_extras=True)
    fields = []
    for place, line in enumerate(written.body):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
            bare, optional = hints[name], get_origin(hints[name]) is NotRequired
            fields.append(Field(name, get_args(bare)[0] if optional else bare, optional, words_after(written, place)))
    names = [base.id for base in written.bases if isinstance(base, ast.Name)]
    bases = tuple(getattr(module, name) for name in names if is_typeddict(getattr(module, name)))
    return Shape(kind.__name__, bases, tuple(fields), ast.get_docstring(written) or "")


def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def words_after(written: ast.ClassDef, place: int) -> str:
    """The string that explains the field before it, or nothing."""
    match written.body[place + 1 : place + 2]:
        case [ast.Expr(ast.Constant(str(words)))]:
            return words
    return ""


def inside(kind: object) -> Iterator[object]:
    """The types that `kind` is made of, itself first."""
    yield kind
    for each in get_args(kind):
        if get_origin(kind) is not Literal:
            yield from inside(each)


def reachable(roots: tuple[object, ...]) -> tuple[list[Shape], dict[str, object]]:
    """Every shape that the roots lead to, in that order, and the named lists of words among them."""
    named, shapes, used = aliases(), dict[str, Shape](), dict[str, object]()
    waiting = list(roots)
    while waiting:
        for kind in inside(waiting.pop(0)):
            if kind in named:
                used[named[kind]] = kind
            if is_typeddict(kind) and isinstance(kind, type) and kind.__name__ not in shapes:
                shape = shapes[kind.__name__] = shape_of(kind)
                waiting += [*shape.bases, *(field.kind for field in shape.fields)]
    return list(shapes.values()), used


def written_as(kind: object, named: dict[object, str]) -> str:  # noqa: PLR0911 - one answer a kind of type
    """The type in TypeScript's words."""
    if kind in named:
        return named[kind]
    if isinstance(kind, type) and kind in PLAIN:
        return PLAIN[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " | ".join(quoted(each) for each in parts)
    if origin is Annotated:
        return written_as(parts[0], named)
    if origin is list:
        inner = written_as(parts[0], named)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin is dict:
        key, value = (written_as(each, named) for each in parts)
        return f"Record<string, {value}>" if key == "string" else f"Partial<Record<{key}, {value}>>"
    if origin is UnionType or origin is typing.Union:
        return " | ".join(written_as(each, named) for each in parts)
    if isinstance(kind, type) and is_typeddict(kind):
        return kind.__name__
    raise TypeError(f"There is no word in TypeScript for {kind}. Add one to tools/room_types.py.")


def quoted(word: object) -> str:
    return f'"{word}"'


def comment(words: str, indent: str = "") -> str:
    return f"{indent}/** {' '.join(words.split())} */\n" if words else ""


def declared(shape: Shape, named: dict[object, str]) -> str:
    """One shape as an interface."""
    if not shape.fields and not shape.bases:
        return f"{comment(shape.words)}export type {shape.name} = {EMPTY};\n"
    on = ", ".join(base.__name__ for base in shape.bases)
    lines = "".join(
        f"{comment(field.words, '  ')}  {field.name}{'?' if field.optional else ''}: {written_as(field.kind, named)};\n"
        for field in shape.fields
    )
    head = f"{comment(shape.words)}export interface {shape.name}{f' extends {on}' if on else ''} {{"
    return f"{head}\n{lines}}}\n"


def payload(kind: type) -> str:
    """What an event carries."""
    hints = get_type_hints(kind, include_extras=True)
    fields = "; ".join(carried(name, each) for name, each in hints.items())
    return f"{{ {fields} }}" if fields else EMPTY


def carried(name: str, kind: object) -> str:
    """One field of it."""
    if get_origin(kind) is NotRequired:
        return f"{name}?: {written_as(get_args(kind)[0], {})}"
    return f"{name}: {written_as(kind, {})}"


def table(name: str, words: str, rows: dict[str, str]) -> str:
    lines = "".join(f"  {key}: {value};\n" for key, value in rows.items())
    return f"{comment(words)}export interface {name} {{\n{lines}}}\n"


def state_file() -> str:
    """The room's state as a page gets it, what a page may send, and what it is told."""
    replies = {name: event.reply for name, event in EVENTS.items() if event.reply is not None}
    carries = {name: payload(event.payload) for name, event in EVENTS.items()}
    answered = {name: kind.__name__ for name, kind in replies.items()}
    told = {name: kind.__name__ for name, kind in MESSAGES.items()}
    return "\n".join(
        (
            *declarations((*STATE, *replies.values(), *MESSAGES.values())),
            table("RoomEvents", "What each event carries.", carries),
            table("RoomReplies", "What each event is answered, beside that it went well.", answered),
            table("RoomMessages", "What a page is told without asking.", told),
        )
    )


def page_file() -> str:
    """What a page of the room carries besides the state."""
    return "\n".join(declarations((room_page.RoomPage, room_page.StaffPage)))


def declarations(roots: tuple[object, ...]) -> Iterator[str]:
    """The shapes that the roots lead to, under the words that they use."""
    shapes, used = reachable(roots)
    named = aliases()
    yield HEAD
    words = {name: written_as(kind, {k: v for k, v in named.items() if v != name}) for name, kind in used.items()}
    yield "".join(f"export type {name} = {words[name]};\n" for name in sorted(words))
    yield from (declared(shape, named) for shape in shapes)


FILES: dict[Path, Callable[[], str]] = {FOLDER / "state.d.ts": state_file, FOLDER / "page.d.ts": page_file}


def behind() -> list[Path]:
    """The files that are not as the code says."""
    return [path for path, made in FILES.items() if not path.exists() or path.read_text(encoding="utf-8") != made()]


def main(arguments: list[str]) -> int:
    """Write the files, or with --check say whether they are right."""
    late = behind()
    for path in late:
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is not what the Python types say. Write it anew: {COMMAND}")
        else:
            path.write_text(FILES[path](), encoding="utf-8")
    return 1 if late and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
