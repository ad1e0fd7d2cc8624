"""The safety pack in docs/safety.

`python -m tools.assurance` writes anew what is made from data; `--check` says what is wrong with it, and exits 1.
"""

import sys

from tools.assurance import pages
from tools.assurance.checks import faults


def write() -> None:
    for name, make in pages.MADE.items():
        path = pages.FOLDER / name
        path.write_text(pages.with_made_part(path.read_text(encoding="utf-8"), make()), encoding="utf-8")


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        write()
    found = faults()
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
