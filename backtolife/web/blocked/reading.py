"""What a browser's report says, as little of it as tells which page to look at.

Anybody can send anything here. Of what came, a directive of our own policy, the kind of page and the kind of thing
that was blocked are kept: no address, no query, no sample of a script, nothing that somebody typed.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

DIRECTIVES = frozenset(
    {
        "base-uri",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "worker-src",
    }
)
OTHER = "other"
KINDS = {"inline": "inline", "eval": "eval", "wasm-eval": "eval", "data": "data", "blob": "blob"}
MOST_AT_ONCE = 20
"""Reports that a browser may send together; the rest is not counted."""


@dataclass(frozen=True)
class Blocked:
    """One thing that a browser did not let a page do."""

    directive: str
    page: str
    """The kind of page, as its route names it."""
    kind: str
    """What was blocked: inline, eval, data, blob, own, extension or other."""


def reports_in(body: bytes, *, host: str, page_at: Callable[[str], str]) -> Iterator[Blocked]:
    """Every report in what came, of both forms in which browsers send them; what is none is passed over."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    for each in (told if isinstance(told, list) else [told])[:MOST_AT_ONCE]:
        if not isinstance(each, dict):
            continue
        old = each.get("csp-report")
        new = each.get("body") if each.get("type") == "csp-violation" else None
        if isinstance(old, dict):
            directive = old.get("effective-directive") or old.get("violated-directive")
            yield blocked(directive, old.get("document-uri"), old.get("blocked-uri"), host, page_at)
        elif isinstance(new, dict):
            yield blocked(new.get("effectiveDirective"), new.get("documentURL"), new.get("blockedURL"), host, page_at)


def blocked(directive: Any, document: Any, uri: Any, host: str, page_at: Callable[[str], str]) -> Blocked:
    first = (text(directive).split() or [""])[0].lower()
    path = parts(document)[2]
    return Blocked(first if first in DIRECTIVES else OTHER, page_at(path) if path else OTHER, kind_of(text(uri), host))


def kind_of(uri: str, host: str) -> str:
    if uri in KINDS:
        return KINDS[uri]
    scheme, found, _ = parts(uri)
    if scheme.endswith("extension"):
        return "extension"
    if scheme in ("data", "blob"):
        return scheme
    return "own" if found and found == host else OTHER


def parts(uri: Any) -> tuple[str, str, str]:
    try:
        found = urlsplit(text(uri))
    except ValueError:
        return "", "", ""
    return found.scheme, found.netloc, found.path


def text(value: Any) -> str:
    return value[:2000] if isinstance(value, str) else ""
