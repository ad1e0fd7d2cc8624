"""What a template gets where a name stands for nothing."""

from collections.abc import Mapping
from typing import Any

import structlog
from jinja2 import ChainableUndefined, UndefinedError
from jinja2.utils import missing

log = structlog.get_logger(__name__)


class Missing(ChainableUndefined):
    """Nothing, as the components of NHS.UK expect of what they are not given, but for parts that an object should have.

    A component looks into its parameters, a mapping, for whatever may be there. An object of ours has what its class
    says: a part that it lacks is a slip in the template, and would leave a person an empty label.
    """

    def _a_slip(self) -> bool:
        of = self._undefined_obj
        return of is not missing and of is not None and not isinstance(of, Mapping | ChainableUndefined)

    def __str__(self) -> str:
        if self._a_slip():
            log.error("missing_words", part=str(self._undefined_name), of=type(self._undefined_obj).__name__)
        return ""

    __html__ = __str__


class Strict(Missing):
    """The same where tests and people who develop look on: the page fails, and says what is missing."""

    def __str__(self) -> str:
        if self._a_slip():
            raise UndefinedError(f"{type(self._undefined_obj).__name__} has no {self._undefined_name!r}")
        return ""

    __html__ = __str__


def of_template(environment: str) -> type[Any]:
    """The kind of nothing for an installation of this kind: loud where no patient is looking."""
    return Missing if environment == "production" else Strict
