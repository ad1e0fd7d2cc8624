"""Run what takes long and keep what came of it as text in docs/safety/results.

python -m tools.kept_results              every run
python -m tools.kept_results sqlmap kills these

Each file says what was run, at which commit, when, on what kind of machine, and what came of it: failures too. The
commit must be all there is: with changes that are not committed, nothing is run.
"""

import sys

from tools.kept_results.keeping import RESULTS, kept_at, uncommitted
from tools.kept_results.runs import RUNS


def main(arguments: list[str]) -> int:
    """0 when every run did what it must."""
    names = [each.name for each in RUNS]
    unknown = [word for word in arguments if word not in names]
    if unknown:
        print(f"There is no run {unknown[0]!r}. There are: {', '.join(names)}.")
        return 1
    if uncommitted():
        print(f"Not committed: {', '.join(uncommitted())}. Commit first: a result names the commit that it is of.")
        return 1
    failed = []
    for run in (each for each in RUNS if not arguments or each.name in arguments):
        good, words = kept_at(run)
        text = RESULTS / run.text
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(words, encoding="utf-8")
        print(words, flush=True)
        if not good:
            failed.append(run.name)
    print("Write the page: .venv/bin/python -m tools.assurance")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
