"""What runs on a clinic's server and in its browsers: each component with its version and licence."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from backtolife.config import ROOT

PINNED = re.compile(r"^([\w.-]+)==([\w.+!-]+)", re.MULTILINE)
NOT_SAID = {
    "async-timeout": "Apache-2.0",
    "brotlicffi": "MIT",
    "combine-errors": "MIT",
    "espeakng-loader": "GPL-3.0-or-later (it brings espeak-ng)",
    "imageio-ffmpeg": "BSD-2-Clause (it brings ffmpeg, GPL-2.0-or-later)",
    "pyrage": "MIT",
    "xmlhttprequest-ssl": "MIT",
}
"""Licences that the installed package does not say, or not wholly, and of what only other Pythons install."""
SHARED_ALIKE = re.compile(r"GPL|Mozilla|MPL|General Public", re.IGNORECASE)


@dataclass(frozen=True)
class Component:
    kind: Literal["pypi", "npm"]
    name: str
    version: str
    licence: str


def of_python() -> list[Component]:
    """Everything that `requirements/production.txt` pins; a package pinned twice, for two Pythons, is there twice."""
    pinned = PINNED.findall((ROOT / "requirements" / "production.txt").read_text(encoding="utf-8"))
    return [Component("pypi", name, version, licence_of(name)) for name, version in dict.fromkeys(pinned)]


def licence_of(name: str) -> str:
    """As the installed package says it: its expression, else its classifiers, else its first line about it."""
    if name in NOT_SAID:
        return NOT_SAID[name]
    said = metadata.metadata(name)
    if expression := said.get("License-Expression"):
        return expression
    trove = [each.split(" :: ")[-1] for each in said.get_all("Classifier") or () if each.startswith("License :: ")]
    own = (said.get("License") or "").strip().partition("\n")[0]
    found = " or ".join(trove) or own
    if not found:
        raise LookupError(f"{name} does not say its licence. Look it up, and write it into NOT_SAID in {__name__}.")
    return found


def npm_licence(place: str, locked: dict[str, str]) -> str:
    return locked.get("license") or NOT_SAID[place.rpartition("node_modules/")[2]]


def of_browsers() -> list[Component]:
    """What the pages load, and what is joined into it, from package-lock.json."""
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        Component("npm", place.rpartition("node_modules/")[2], each["version"], npm_licence(place, each))
        for place, each in sorted(locked.items())
        if place and not each.get("dev") and not each.get("devOptional") and not each.get("optional")
    ]


def table(found: Sequence[Component]) -> str:
    return "\n".join(rows(found))


def rows(found: Sequence[Component]) -> Iterator[str]:
    """Without versions: those change with every `make requirements`, and stand in the SBOM."""
    for title, kind in (("On the server", "pypi"), ("In the browser", "npm")):
        licences = {each.name: each.licence for each in found if each.kind == kind}
        yield from (f"## {title}", "", "| component | licence | |", "|---|---|---|")
        for name, licence in licences.items():
            yield f"| {name} | {licence} | {'shared alike: read above' if SHARED_ALIKE.search(licence) else ''} |"
        yield ""
