"""YAML put together as nodes, as far as that is safe: nothing that grows, nests without end, or stands for more."""

from contextlib import suppress
from functools import lru_cache
from typing import Any, NoReturn

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

FAST = getattr(yaml, "CSafeLoader", None)
"""Reads twenty times as fast where it is built in. What it refuses is read again by the other, whose words are plainer.
"""
DEEPEST = 30
"""How many lists and mappings may stand inside one another: more would end the process that reads them."""


@lru_cache(64)
def nodes_of(text: str) -> Node | None:
    """What the text says, with its places; nobody changes it. The same text is read once. Raises yaml.YAMLError."""
    if FAST is not None:
        with suppress(yaml.YAMLError):
            return composed(text, FAST)
    return composed(text, yaml.SafeLoader)


def composed(text: str, loader: Any) -> Node | None:
    """Refuses what grows or ends the process when it is walked through, before it is put together."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            wrong(f"more than {DEEPEST} lists and mappings inside one another", event.start_mark)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            wrong(
                "& and * before a name stand for copies, which are not read. Write it out, or put quotes round",
                event.start_mark,
            )
        tag = getattr(event, "tag", None)
        if tag:
            wrong(
                f"{tag[:40]} is a type, which is not read. Put quotes round words that begin with !",
                event.start_mark,
            )
    root = yaml.compose(text, Loader=loader)
    refuse_odd_names(root)
    return root


def refuse_odd_names(root: Node | None) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SequenceNode):
            waiting += node.value
        for key, value in node.value if isinstance(node, MappingNode) else ():
            if not isinstance(key, ScalarNode):
                wrong("a list or a mapping cannot be a name", key.start_mark)
            waiting.append(value)


def wrong(problem: str, mark: Any) -> NoReturn:
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
