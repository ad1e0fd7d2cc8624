"""`make bench`: run every benchmark, or those whose names are given (`make bench ARGS=four_people`).

A benchmark is a module here with a `main`; it prints its own lines, with what it should reach, whether it did, and the
peer it is compared with in the same run. A reach that is missed is a figure: only a benchmark that breaks is an error.
"""

import importlib
import logging
import pkgutil
import sys
from types import ModuleType

import benchmarks

log = logging.getLogger(__name__)


def found(wanted: list[str]) -> list[ModuleType]:
    """The benchmarks that were asked for, or all. An unknown name ends with the names there are."""
    names = [each.name for each in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    runnable = {module.__name__.rpartition(".")[2]: module for module in modules if hasattr(module, "main")}
    unknown = [name for name in wanted if name not in runnable]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(sorted(runnable))}.")
    return [runnable[name] for name in (wanted or sorted(runnable))]


def main() -> None:
    broken = []
    for module in found(sys.argv[1:]):
        print(f"\n== {(module.__doc__ or module.__name__).splitlines()[0]}", flush=True)
        try:
            module.main()
        except Exception:
            log.exception("%s broke", module.__name__)
            broken.append(module.__name__.rpartition(".")[2])
    if broken:
        sys.exit(f"Broken: {', '.join(broken)}.")


if __name__ == "__main__":
    main()
