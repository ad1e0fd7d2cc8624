"""Bring the catalogues of words on pages up to the pages, or find what is wrong with them.

python -m tools.catalogues            write messages.pot and each language's catalogue anew
python -m tools.catalogues --check    say what is not as it must be; ends with 1 then
"""

import sys

from backtolife.config import ROOT
from backtolife.text.catalogues import reading
from tools.catalogues.gathering import files
from tools.catalogues.outside import NOT_YET, not_yet, outside
from tools.catalogues.pages import patient_pages


def wrong() -> list[str]:
    """Each fault in a line."""
    found = [f"{path.name} is not up to the pages. Run: python -m tools.catalogues" for path in stale()]
    for tag in reading.tags():
        found += [f"{tag}.po: {fault}" for fault in reading.faults(reading.read(tag))]
    late = not_yet()
    for page in patient_pages():
        said = outside((ROOT / "templates" / page).read_text(encoding="utf-8"))
        if said and page not in late:
            found.append(f"templates/{page} says this outside the catalogue: {said[0]!r}")
        if not said and page in late:
            found.append(f"templates/{page} is in the catalogue now. Take its line out of {NOT_YET}.")
    return found + [f"{NOT_YET}: {page} is no page of patients." for page in late if page not in patient_pages()]


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
