"""The questions about themselves that a patient may answer, and the words of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass

NOT_SAID = "not_said"


@dataclass(frozen=True)
class Trait:
    """One thing we ask. `options` are keys with the words a person reads; `word` heads it in the results."""

    id: str
    word: str
    question: str
    options: Mapping[str, str]

    @property
    def choices(self) -> Mapping[str, str]:
        """The options with "prefer not to say" at the end."""
        return {**self.options, NOT_SAID: "I prefer not to say"}


TRAITS = (
    Trait(
        "age",
        "Age",
        "How old are you?",
        {"16_34": "16 to 34", "35_49": "35 to 49", "50_64": "50 to 64", "65_up": "65 or over"},
    ),
    Trait(
        "sex",
        "Sex",
        "What is your sex?",
        {"female": "Female", "male": "Male", "another": "I use another word"},
    ),
    Trait(
        "ethnic_group",
        "Ethnic group",
        "Which ethnic group fits you best?",
        {
            "asian": "Asian or Asian British",
            "black": "Black or Black British",
            "mixed": "Mixed or more than one",
            "white": "White",
            "other": "Another ethnic group",
        },
    ),
    Trait(
        "support",
        "Help with language",
        "Do you need help with language to take part?",
        {"none": "No", "interpreter": "Yes, someone who interprets", "bsl": "Yes, British Sign Language"},
    ),
)
"""The ethnic groups are the five of the 2021 census of England and Wales."""
