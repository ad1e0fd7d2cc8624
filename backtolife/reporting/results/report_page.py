"""A report from its snapshot: a page that stands alone, the same letter for letter each time, and its PDF."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backtolife.config import ROOT
from backtolife.people.names import isolated
from backtolife.reporting.dataset.shape import read_data
from backtolife.reporting.figures.evidence import evidence
from backtolife.reporting.figures.face_to_face.published import beside
from backtolife.reporting.figures.scope import Scope
from backtolife.reporting.figures.steps import COMPLETED, MEASURED
from backtolife.reporting.results import number_words
from backtolife.reporting.results.charts_on_page import pictures

STYLE = ROOT / "static" / "css" / "report.css"


def pack(plain: Mapping[str, Any]) -> bytes:
    """A snapshot as it is stored."""
    return zlib.compress(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode(), 9)


def unpack(snapshot: bytes) -> dict[str, Any]:
    return dict(json.loads(zlib.decompress(snapshot)))


def sha256(whole: bytes) -> str:
    return hashlib.sha256(whole).hexdigest()


def page_of(snapshot: bytes) -> str:
    """The report as HTML. It needs nothing but the snapshot: no clock, no database, no address."""
    plain = unpack(snapshot)
    data, scope = read_data(plain["data"]), Scope(**plain["scope"])
    found = evidence(data, scope)
    return (
        environment()
        .get_template("reporting/report.jinja")
        .render(
            ev=found,
            pics=pictures(found),
            words=number_words,
            flat=True,
            completed=COMPLETED,
            measured=MEASURED,
            published=beside(data),
            style=STYLE.read_text(encoding="utf-8"),
            fingerprint=sha256(snapshot),
        )
    )


@cache
def environment() -> Environment:
    """Templates without an application around them."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters["isolated"] = isolated
    return made


def style_policy() -> str:
    """The content security policy of a report: its own style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.read_bytes()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
