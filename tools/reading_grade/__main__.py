"""Say which words that patients read are too hard.

python -m tools.reading_grade            the twenty hardest passages, with their grades
python -m tools.reading_grade --check    those that are too hard without a reason; ends with 1 then
"""

import sys

from tools.reading_grade.grade import exceptions, faults, grade
from tools.reading_grade.passages import ENOUGH, passages

SHOWN = 20


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = faults(passages(), exceptions())
        for fault in found:
            print(fault)
        return 1 if found else 0
    graded = [(grade(each.text), each) for each in passages() if each.words >= ENOUGH]
    for reached, each in sorted(graded, key=lambda pair: -pair[0])[:SHOWN]:
        print(f"{reached:4.1f}  {each.where}: {each.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
