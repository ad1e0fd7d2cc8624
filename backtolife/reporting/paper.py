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
from backtolife.reporting import words
from backtolife.reporting.analysis.refusals import NotInstalled
from backtolife.reporting.dataset.shape import read_data
from backtolife.reporting.figures.evidence import evidence
from backtolife.reporting.figures.published import beside
from backtolife.reporting.figures.scope import Scope
from backtolife.reporting.figures.steps import MEASURED
from backtolife.reporting.pictures import pictures

STYLE = ROOT / "static" / "css" / "report.css"
NO_PDF = (
    "This computer cannot write PDF files yet. Ask whoever runs it to install the extra “pdf” "
    "(pip install 'backtolife[pdf]') and Pango (apt-get install libpango-1.0-0 libpangoft2-1.0-0). "
    "Until then, open the report and print it."
)


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
            words=words,
            flat=True,
            measured=MEASURED,
            published=beside(data),
            style=STYLE.read_text(encoding="utf-8"),
            fingerprint=sha256(snapshot),
        )
    )


@cache
def environment() -> Environment:
    """Templates without an application around them."""
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def style_policy() -> str:
    """The content security policy of a report: its own style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.read_bytes()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def pdf_of(page: str) -> bytes:
    """The same page as PDF. Raises NotInstalled without the extra or its libraries."""
    try:
        import weasyprint  # noqa: PLC0415 - heavy, and in an extra
    except (ImportError, OSError) as missing:
        raise NotInstalled(NO_PDF) from missing
    return bytes(weasyprint.HTML(string=page, url_fetcher=refuse).write_pdf())


def refuse(url: str, *_: object, **__: object) -> dict[str, Any]:
    """A report fetches nothing."""
    raise ValueError(f"A report may not fetch {url}.")
