"""What somebody may need to take part, in their words and in those of staff. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from backtolife.errors import Invalid
from backtolife.people.contact.interpreting import INTERPRETER, check_interpreting
from backtolife.text.characters import in_one_form
from backtolife.text.languages import is_other, name_of, tag_of

LONGEST_LANGUAGE = 60
LONGEST_WORDS = 300


@dataclass(frozen=True)
class Need:
    """One need: what a patient reads beside the box, and the few words that staff read."""

    key: str
    asked: str
    short: str


NEEDS = {
    each.key: each
    for each in (
        Need("interpreter", "Someone who interprets for me", "Interpreter"),
        Need("bsl", "British Sign Language", "British Sign Language"),
        Need("captioner", "Someone who types what is said", "Captioner"),
        Need("large_print", "Large print on paper", "Large print"),
        Need("beside", "Someone beside me, such as a friend or carer", "Somebody beside them"),
        Need("no_floor", "I cannot get down on the floor and up again", "Cannot get on the floor"),
        Need("hearing", "I do not hear well", "Does not hear well"),
        Need("sight", "I do not see well", "Does not see well"),
    )
}
COMPANY = frozenset({"interpreter", "bsl", "captioner", "beside"})
"""Needs that somebody else in the session meets."""


@dataclass(frozen=True)
class Needs:
    """What one person told us; `kinds` are keys of `NEEDS`."""

    kinds: tuple[str, ...] = ()
    language: str = ""
    """Which language the person speaks best, in which somebody interprets: a tag, or words."""
    words: str = ""

    def kept(self) -> "Needs":
        """The same as we keep it. Raises Invalid, naming the field."""
        if set(self.kinds) - set(NEEDS):
            raise Invalid("Choose from the list.", "kinds")
        language, words = tag_of(tidy(self.language, "language")), tidy(self.words, "words")
        check_interpreting(self.kinds, language, field="language")
        for text, field, longest in ((language, "language", LONGEST_LANGUAGE), (words, "words", LONGEST_WORDS)):
            if len(text) > longest:
                raise Invalid(f"Use at most {longest} characters", field)
        kinds = tuple(key for key in NEEDS if key in self.kinds)
        return replace(self, kinds=kinds, language=language, words=words)


def tidy(text: str, field: str) -> str:
    return " ".join(in_one_form("NFC", text, field=field).split())


def in_words(kinds: Collection[str] | None, language: str, words: str) -> list[str]:
    """What staff read, a few words for each need; nothing for whoever needs nothing or was not asked."""
    found = []
    for key, need in NEEDS.items():
        if key in (kinds or ()):
            found.append(f"{need.short} ({name_of(language)})" if key == INTERPRETER and language else need.short)
    if INTERPRETER not in (kinds or ()) and is_other(language):
        found.insert(0, f"Speaks {name_of(language)}")
    return [*found, words] if words else found
