"""The ids that the room's scripts ask for: each is in the room's templates, as the kind of element that is listed."""

import re

from backtolife.config import ROOT

LISTED = ROOT / "static" / "js" / "shared" / "page-elements.d.ts"
TEMPLATES = ROOT / "templates"
GROUP = re.compile(r"type (\w+)Id =([^;]+);")
OPENED = re.compile(r"<(\w+)\b[^<>]*?\bid=\"([^\"{}]+)\"")
TAKEN_IN = re.compile(r"\"((?:sessions|programme)/[\w/]+\.jinja)\"")
KINDS = {
    "dialog": "Dialog",
    "button": "Button",
    "input": "Input",
    "form": "Form",
    "video": "Video",
    "img": "Image",
    "select": "Select",
    "circle": "Circle",
    "textarea": "TextArea",
}


def listed() -> dict[str, str]:
    """The kind that each id is listed with."""
    text = LISTED.read_text(encoding="utf-8")
    return {name: kind for kind, names in GROUP.findall(text) for name in re.findall(r'"([^"]+)"', names)}


def room_templates() -> list[str]:
    """The templates of the room's pages, with those that they take in from elsewhere."""
    own = [path.read_text(encoding="utf-8") for path in sorted((TEMPLATES / "sessions" / "room").glob("*.jinja"))]
    taken = {name for text in own for name in TAKEN_IN.findall(text) if not name.startswith("sessions/room/")}
    return [*own, *((TEMPLATES / name).read_text(encoding="utf-8") for name in sorted(taken))]


def in_templates() -> dict[str, set[str]]:
    """The kinds of element that have an id: a patient's page and a facilitator's may have another one each."""
    found: dict[str, set[str]] = {}
    for text in room_templates():
        for tag, name in OPENED.findall(text):
            found.setdefault(name, set()).add(KINDS.get(tag, "Plain"))
    return found


def test_every_id_that_the_rooms_scripts_ask_for_is_in_a_template_as_that_kind() -> None:
    there = in_templates()
    wrong = {name: there.get(name) for name, kind in listed().items() if there.get(name) != {kind}}
    assert len(listed()) > 150
    assert wrong == {}
