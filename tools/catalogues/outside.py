"""What a page says outside the catalogue: words between tags, in what is read aloud, and in expressions."""

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

GAP = "\x00"
SAID_IN = re.compile(r"""\b(?:aria-label|title|alt|placeholder)=(["'])(.*?)\1""", re.DOTALL)
READ_NEXT = re.compile(r"""\b(?:aria-label|title|alt|placeholder)=(["'])(?:(?!\1).)*$""", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^<>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
OURS = ("Back to Life",)
NO_WORDS = (nodes.Call, nodes.Filter, nodes.Test, nodes.Getitem, nodes.Getattr, nodes.Compare)


def environment() -> Environment:
    found = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found.policies["ext.i18n.trimmed"] = True
    found.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return found


def outside(source: str) -> list[str]:
    """The words of a template that its catalogue does not have."""
    tree = environment().parse(source)
    text, chosen = "", []
    for output in tree.find_all(nodes.Output):
        for each in output.nodes:
            if isinstance(each, nodes.TemplateData):
                text += each.data
            else:
                chosen += shown_by(each) if is_read(text) else ()
                text += GAP
    spoken = [match[1] for match in SAID_IN.findall(text)]
    between = TAG.sub(GAP, SCRIPT.sub(GAP, text))
    said = [*between.split(GAP), *(part for each in spoken for part in each.split(GAP)), *chosen]
    return [" ".join(each.split()) for each in said if WORD.search(without_ours(each))]


def is_read(before: str) -> bool:
    """Whether what comes after this text is read by somebody: between tags, or in an attribute that is."""
    return before.rfind("<") <= before.rfind(">") or READ_NEXT.search(before) is not None


def without_ours(words: str) -> str:
    for name in OURS:
        words = words.replace(name, "")
    return words


def shown_by(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from shown_by(branch)
    elif not isinstance(node, NO_WORDS):
        for child in node.iter_child_nodes():
            yield from shown_by(child)
