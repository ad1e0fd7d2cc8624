"""A message in words, for each channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backtolife.database.session import Db
from backtolife.people.models import Service


@dataclass(frozen=True)
class Words:
    """What an e-mail says, and the same as one text; `text` is empty where it cannot be one."""

    subject: str
    body: str
    text: str = ""


WordsOf = Callable[[Db, Service, str, Mapping[str, str], str], Words]
"""The words of a template of the programme, which a room above knows: for a service, filled with values, in a language
where there are words in it.
"""
