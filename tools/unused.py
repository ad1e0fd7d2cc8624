"""Functions, methods and classes that nothing uses: `python -m tools.unused` names them and exits 1.

vulture reads the Python; what a page's template names is used too. What only tests call is not used.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

from backtolife.config import ROOT

KINDS = {"function", "class", "method", "property", "unreachable_code"}
ENTERED = [
    "@*pages.*",
    "@pages.*",
    "@permission*",
    "@compiles*",
    "@event*",
    "@*errorhandler*",
    "@validates*",
]
"""Decorators that enter a function somewhere it is called from."""
BY_WTFORMS = "validate_"
"""A form calls these by the names of its fields."""
CALLED_BY_OTHERS = {
    "served": "gunicorn",
    "column_expression": "SQLAlchemy",
    "get_translations": "flask-babel",
    "process_bind_param": "SQLAlchemy",
    "process_result_value": "SQLAlchemy",
    "python_type": "SQLAlchemy",
    "coerce_compared_value": "SQLAlchemy",
    "do_GET": "http.server",
    "log_message": "http.server",
    "log_error": "http.server",
    "handle_starttag": "html.parser",
    "handle_endtag": "html.parser",
    "handle_data": "html.parser",
    "Worker": "gunicorn",
    "WorkerLog": "gunicorn",
    "on_client_socket_readable": "gunicorn",
    "murder_pending": "gunicorn",
    "_keepalive_after": "gunicorn",
    "_recv": "aiortc",
    "cert_verify": "requests",
    "__buffer__": "memoryview",
    "__call__": "Python",
    "builder": "setup.py",
    "package_first": "tests: the whole of packaging in its smallest size",
    "asked_by_plan": "tests: what a file must hold, said a second way",
    "standardised": "tests hold the figures' parts against statsmodels through these",
    "meaningful_change": "the same",
    "mixed_change": "the same",
    "rate_funnel": "the same",
}


def unused() -> list[str]:
    found = Vulture(ignore_decorators=ENTERED)
    found.scavenge([str(ROOT / "backtolife"), str(ROOT / "setup.py")])
    named = words(ROOT / "templates")
    items = (item for item in found.get_unused_code(min_confidence=60) if item.typ in KINDS)
    return [
        f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno} {item.typ} {item.name}"
        for item in items
        if item.name not in CALLED_BY_OTHERS and item.name not in named and not item.name.startswith(BY_WTFORMS)
    ]


def words(folder: Path) -> set[str]:
    pages = (path.read_text(encoding="utf-8") for path in folder.rglob("*.jinja"))
    return {word for page in pages for word in re.findall(r"\w+", page)}


if __name__ == "__main__":
    left = unused()
    print(*left, sep="\n", end="\n" if left else "")
    sys.exit(1 if left else 0)
