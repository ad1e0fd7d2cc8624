"""All words of pages, gathered for translators, and each language's catalogue brought up to them."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from backtolife.config import ROOT
from backtolife.programme.plan.loading import shipped
from backtolife.text.catalogues import reading

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "Need": (2,), "worded": None}
"""Functions whose words are shown, and which argument holds them. `Need`: what a patient reads beside a box."""
KEYWORD = re.compile(r"\b(?:_|gettext|ngettext|Need|worded)\(")
"""Most files have none, and need not be taken apart."""
TEMPLATE_KEYWORDS = ("_", "gettext", "ngettext")
SCRIPT_KEYWORDS = {"gettext": None, "ngettext": (1, 2)}
"""Of `static/js/shared/words.js`."""
MESSAGES = (
    "sign-in-link",
    "reminder-24h",
    "reminder-1h",
)
"""The templates that are translated. The others go in English: what is added here is to be translated."""
HEADER = "# Words on pages. English stands in msgid.\n"
Found = tuple[str, int, str | tuple[str, ...]]


def gathered() -> Catalog:
    """The English words of all pages, each once, with the files that say it."""
    catalogue = Catalog(header_comment=HEADER, charset="utf-8", fuzzy=False)
    for file, _, words in [
        *sorted(said_in_templates()),
        *sorted(said_in_python(), key=str),
        *said_in_scripts(),
        *said_in_messages(),
    ]:
        catalogue.add(words, locations=[(file, None)])
    return catalogue


def said_in_templates() -> Iterator[Found]:
    options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
    for path in sorted((ROOT / "templates").rglob("*.jinja")):
        with path.open("rb") as file:
            for line, _, words, _ in babel_extract(BytesIO(file.read()), TEMPLATE_KEYWORDS, (), options):
                if words is not None:
                    yield name_of(path), line, said(words)


def said_in_python() -> Iterator[Found]:
    for path in sorted((ROOT / "backtolife").rglob("*.py")):
        if KEYWORD.search(path.read_text(encoding="utf-8")):
            for line, words, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
                yield name_of(path), line, said(words)


def said_in_scripts() -> Iterator[Found]:
    options = {"parse_template_string": "true"}  # also what stands inside `${…}`
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        for line, words, _, _ in extract_from_file("javascript", path, keywords=SCRIPT_KEYWORDS, options=options):
            yield name_of(path), line, said(words)


def said_in_messages() -> Iterator[Found]:
    """What is sent most, as a programme says it that nobody has changed."""
    for template in MESSAGES:
        ours = shipped().messages[template]
        for words in (ours.subject, ours.bodies["email"], ours.bodies["sms"]):
            yield "backtolife/programme/plan/shipped/messages.yaml", 0, words


def said(words: str | tuple[str | None, ...] | list[str | None]) -> str | tuple[str, ...]:
    if isinstance(words, str):
        return words
    forms = tuple(each for each in words if each is not None)
    return forms[0] if len(forms) == 1 else forms


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written(catalogue: Catalog) -> bytes:
    """As the file is kept: without dates and tools, so that only words change it."""
    file = BytesIO()
    write_po(file, catalogue, width=120, omit_header=True, include_lineno=False, sort_by_file=True)
    head = [HEADER, 'msgid ""\n', 'msgstr ""\n', '"Content-Type: text/plain; charset=utf-8\\n"\n']
    if catalogue.locale is not None:
        head += [f'"Language: {catalogue.locale_identifier}\\n"\n', f'"Plural-Forms: {catalogue.plural_forms}\\n"\n']
    return "".join(head).encode() + b"\n" + file.getvalue()


def files() -> dict[Path, bytes]:
    """What each file must hold: the template, and each language with the words that it has already."""
    template = gathered()
    made = {reading.FOLDER / "messages.pot": written(template)}
    for tag in reading.tags():
        catalogue = reading.read(tag)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        made[reading.FOLDER / f"{tag}.po"] = written(catalogue)
    return made
