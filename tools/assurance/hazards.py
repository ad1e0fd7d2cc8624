"""The hazards as data: what may harm somebody, what stops it, and the test that shows that it does.

They stand in docs/safety/hazards, where clinicians read and change them. Every field is needed.
"""

from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from backtolife.config import ROOT

FOLDER = ROOT / "docs" / "safety" / "hazards"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Severity(IntEnum):
    """How bad it is for whom it happens to."""

    MINOR = 1
    SIGNIFICANT = 2
    CONSIDERABLE = 3
    MAJOR = 4
    CATASTROPHIC = 5


class Likelihood(IntEnum):
    """How often it is to be expected."""

    VERY_LOW = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    VERY_HIGH = 5


RATING = {
    Likelihood.VERY_HIGH: (3, 4, 4, 5, 5),
    Likelihood.HIGH: (2, 3, 3, 4, 5),
    Likelihood.MEDIUM: (2, 2, 3, 3, 4),
    Likelihood.LOW: (1, 2, 2, 3, 4),
    Likelihood.VERY_LOW: (1, 1, 2, 2, 3),
}
"""The five by five of DCB0129: by likelihood, for each severity from minor to catastrophic."""


def named(kind: type[IntEnum]) -> BeforeValidator:
    """A grade is written by its name."""

    def read(word: Any) -> IntEnum:
        try:
            return kind[str(word).upper().replace(" ", "_")]
        except KeyError:
            raise ValueError(f"is one of: {', '.join(words_of(each) for each in kind)}") from None

    return BeforeValidator(read)


def words_of(grade: IntEnum) -> str:
    return grade.name.lower().replace("_", " ")


class Whole(BaseModel):
    """Every field, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Risk(Whole):
    severity: Annotated[Severity, named(Severity)]
    likelihood: Annotated[Likelihood, named(Likelihood)]

    @property
    def rating(self) -> int:
        return RATING[self.likelihood][self.severity - 1]


class Switch(Whole):
    """How the control is switched off, to see that its test notices: a line of the code, and what stands there then."""

    file: Words
    line: Words
    becomes: Words


class Hazard(Whole):
    id: Annotated[str, StringConstraints(pattern=r"^H-\d\d$")]
    hazard: Words
    cause: Words
    effect: Words
    control: Words
    before: Risk
    after: Risk
    owner: Words
    """The role that answers for it in the service."""
    service: Words
    """What only the service can do or decide."""
    test: Words
    switch: Switch


def read_hazards(folder: Path = FOLDER) -> list[Hazard]:
    """Every hazard, by number. Raises ValidationError for one that misses a field."""
    found = [
        Hazard.model_validate(each)
        for path in sorted(folder.glob("*.yml"))
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return sorted(found, key=lambda each: each.id)
