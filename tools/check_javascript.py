"""Check the browser's JavaScript: its types, its style, its unit tests.

python -m tools.check_javascript               everything; says how long each part took
python -m tools.check_javascript types         one part: types, style or tests
python -m tools.check_javascript tests fit     only the unit tests whose path has "fit" in it
"""

import os
import subprocess
import sys
import time

from tools.fetch_vendor import ROOT
from tools.node import node

PACKAGES = ROOT / "node_modules"
TESTS = ROOT / "tests" / "js"
REPORTER = "./tests/js/support/reporter.js"
LONGEST_MS = 300_000
"""A file of tests that never ends is a fault, on a busy machine too."""
FETCH = "Run: make static/vendor/.lock"


def types() -> list[str]:
    return [*program("typescript", "tsc"), "--project", "static/js/tsconfig.json"]


def style() -> list[str]:
    return [*program("@biomejs/biome", "biome"), "check", "--error-on-warnings"]


def tests(*wanted: str) -> list[str]:
    """node's own runner. The files are named, because its versions differ in what they make of a folder."""
    files = [path.relative_to(ROOT).as_posix() for path in sorted(TESTS.rglob("*.test.js"))]
    files = [file for file in files if all(word in file for word in wanted)]
    if not files:
        sys.exit(f"No unit test has {' and '.join(wanted) or '.test.js'} in its path under tests/js.")
    options = ["--experimental-test-coverage", f"--test-timeout={LONGEST_MS}", f"--test-reporter={REPORTER}"]
    at_once = f"--test-concurrency={os.cpu_count() or 1}"
    return [str(node()), "--no-warnings", "--test", at_once, *options, *files]


PARTS = {"types": types, "style": style, "tests": tests}


def program(package: str, name: str) -> list[str]:
    """One of the locked packages' programs. Exits with one sentence when it was not fetched."""
    path = PACKAGES / package / "bin" / name
    if not path.exists():
        sys.exit(f"{package} is not in node_modules. {FETCH}")
    return [str(node()), str(path)]


def main(arguments: list[str]) -> int:
    """0 when every part holds. All are run, so that one look shows all there is to mend."""
    chosen = arguments[0] if arguments else ""
    if chosen and chosen not in PARTS:
        print(f"There is no part {chosen!r}. Use one of: {', '.join(PARTS)}.")
        return 1
    failed = []
    for name in [chosen] if chosen else PARTS:
        command = tests(*arguments[1:]) if name == "tests" else PARTS[name]()
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "NO_COLOR": "1"})
        print(f"JavaScript {name}: {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"JavaScript does not hold in: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
