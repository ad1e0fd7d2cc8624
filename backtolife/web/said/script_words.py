"""The words of a page's scripts, carried by the page: in its language, and only what those scripts say."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache, partial

from flask import Flask
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from backtolife.joined import STATIC
from backtolife.text.catalogues.in_scripts import words_for
from backtolife.text.said import ENGLISH, locale_name, said_in
from backtolife.web.static_files import SCRIPTS, mark_of

FOLDER = STATIC / SCRIPTS
LOADED = re.compile(r'src="/static/(?:[0-9a-f]{12}/)?(?:js|vendor(?=/room/))/([\w/-]+\.js)"')
"""A script as a page names it; the room's may be joined (joined.py), and then says what its parts say."""
IMPORTED = re.compile(r'^(?:import|export|\})\b[^"\n]*"(\.[^"\n]+)"', re.MULTILINE)


def add_to(app: Flask) -> None:
    app.jinja_env.globals["script_words"] = script_words


def script_words(*parts: str) -> Markup:
    """The JSON that `static/js/shared/words.js` reads; empty on a page in English. `parts`: where it loads scripts."""
    tag = said_in()
    if tag == ENGLISH:
        return Markup()
    entries = frozenset(name for part in parts for name in LOADED.findall(part))
    words = words_for(tag, files_of(entries, mark_of(SCRIPTS)))
    language = locale_name().replace("_", "-")
    return htmlsafe_json_dumps({"language": language, "words": words}, dumps=partial(json.dumps, ensure_ascii=False))


@lru_cache(256)
def files_of(entries: frozenset[str], mark: str) -> frozenset[str]:
    """These scripts and all that they import, by their paths below the folder of scripts, as they are at `mark`."""
    del mark
    found: set[str] = set()
    waiting = [name for name in entries if (FOLDER / name).is_file()]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imported_by(name)
    return frozenset(found)


def imported_by(name: str) -> Iterator[str]:
    path = FOLDER / name
    for address in IMPORTED.findall(path.read_text(encoding="utf-8")):
        yield (path.parent / address).resolve().relative_to(FOLDER.resolve()).as_posix()
