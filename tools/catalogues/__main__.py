"""Bring the catalogues of words on pages up to the pages, or find what is wrong with them.

python -m tools.catalogues            write messages.pot and each language's catalogue anew
python -m tools.catalogues --check    say what is not as it must be; ends with 1 then
"""

import sys

from backtolife.config import ROOT
from backtolife.text.catalogues import reading
from tools.catalogues.gathering import files
from tools.catalogues.outside import outside
from tools.catalogues.pages import patient_pages
from tools.catalogues.scripts import outside_in_scripts


def wrong() -> list[str]:
    """Each fault in a line."""
    found = [f"{path.name} is not up to the pages. Run: python -m tools.catalogues" for path in stale()]
    for tag in reading.tags():
        found += [f"{tag}.po: {fault}" for fault in reading.faults(reading.read(tag))]
    for page in patient_pages():
        said = outside((ROOT / "templates" / page).read_text(encoding="utf-8"))
        found += [f"templates/{page} says this outside the catalogue: {words!r}" for words in said[:1]]
    found += [f"static/js/{name} says this outside the catalogue: {words!r}" for name, words in outside_in_scripts()]
    return found


def stale() -> list[object]:
    return [path for path, words in files().items() if not path.exists() or path.read_bytes() != words]


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        for fault in wrong():
            print(fault)
        return 1 if wrong() else 0
    for path, words in files().items():
        path.write_bytes(words)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
