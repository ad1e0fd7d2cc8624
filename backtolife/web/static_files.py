"""Static files under addresses that name their content: a browser fetches each once, and again when it has changed."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from flask import Flask, Response, url_for
from markupsafe import Markup

from backtolife.config import PACKED
from backtolife.joined import STATIC, sheets

SCRIPTS = "js"
"""These import one another by relative addresses, so one that changed gives all of them new ones."""
MARK = re.compile(r"[0-9a-f]{12}")
FOREVER_SECONDS = 365 * 24 * 3600
SITE_SHEETS = '"/static/css/site.css"'
"""How a script names the sheets of every page, in however many files they are."""
LITERAL = re.compile(r'"/static/([^"]+)"')

Seen = tuple[str, int, int]
"""A file's path, when it was last changed (nanoseconds) and its size."""


def add_to(app: Flask) -> None:
    """Give each address that `app` makes for a static file the mark of its content, and heed it when that is asked."""

    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = marked(values["filename"])

    def send(filename: str) -> Response:
        path = unmarked(filename)
        answer = app.send_static_file(path)
        if filename != path and filename == marked(path):
            answer.headers["Cache-Control"] = f"public, max-age={FOREVER_SECONDS}, immutable"
        return answer

    app.url_defaults(mark)
    app.view_functions["static"] = send


def marked(filename: str) -> str:
    """The path below `static` with its mark in front; as it is where there is no such file."""
    mark = mark_of(SCRIPTS if filename.startswith(f"{SCRIPTS}/") else filename)
    return f"{mark}/{filename}" if mark else filename


def unmarked(filename: str) -> str:
    """The path below `static` without a mark. An old mark leads to the file of today."""
    mark, _, path = filename.partition("/")
    return path if path and MARK.fullmatch(mark) else filename


def sheet_links(*names: str) -> Markup:
    """The links to the sheets of some bundles, or to single sheets by their names below `static/css`."""
    link = Markup('<link rel="stylesheet" href="{}">')
    return Markup("\n  ").join(link.format(url_for("static", filename=path)) for name in names for path in sheets(name))


def with_sheets(script: str) -> str:
    """The text of a script in which the site's sheets stand where it names them all as one."""
    return script.replace(SITE_SHEETS, ", ".join(f'"/static/{path}"' for path in sheets("site")))


def with_marks(script: str) -> str:
    """The text of a script in which each static address that it names has its mark."""
    return LITERAL.sub(lambda found: f'"{url_for("static", filename=found[1])}"', script)


def mark_of(name: str) -> str:
    """The mark of a file below `static`, or of a folder's files together; empty where there are none."""
    return _mark_once(name) if PACKED else _mark(tuple(_seen(str(STATIC / name))))


@lru_cache(1024)
def _mark_once(name: str) -> str:
    """In an installed wheel nothing changes."""
    return _mark(tuple(_seen(str(STATIC / name))))


def _seen(path: str) -> Iterator[Seen]:
    """What is there now. In a checkout every page asks, so it costs no more than a look at each file's date."""
    with suppress(FileNotFoundError, NotADirectoryError):
        stat = os.stat(path)  # noqa: PTH116 - a Path for each file would cost more than the look
        if not S_ISDIR(stat.st_mode):
            yield path, stat.st_mtime_ns, stat.st_size
            return
        with os.scandir(path) as found:
            names = sorted(each.path for each in found)
        for each in names:
            yield from _seen(each)


@lru_cache(1024)
def _mark(files: tuple[Seen, ...]) -> str:
    """Read again only when a file was changed."""
    if not files:
        return ""
    digest = hashlib.sha256()
    for path, _, _ in files:
        digest.update(f"{Path(path).relative_to(STATIC)}\n".encode())
        digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()[:12]
