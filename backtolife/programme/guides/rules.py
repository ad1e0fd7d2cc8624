"""Which guides of a programme may be read in which language, and how one is found by what somebody needs. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from backtolife.programme.plan.material import Guide
from backtolife.programme.plan.template import Programme
from backtolife.text.catalogues.worded import worded
from backtolife.text.languages import looked_for

PATIENTS = "patients"
EVERYONE = worded("Everyone")


@dataclass(frozen=True)
class Draft:
    """A translation that is shown to nobody until it is signed, with the words that it translates."""

    guide: Guide
    original: Guide
    digest: str


@dataclass(frozen=True)
class Listed:
    """One guide on the list: in the programme's own language, and what else it can be read in."""

    guide: Guide
    others: tuple[Guide, ...]


def words_digest(guide: Guide, original: Guide) -> str:
    """Of a translation's words and of those it translates: who changes either has it signed again."""
    words = [each.title + "\n" + each.body for each in (guide, original)]
    return hashlib.sha256(json.dumps([guide.id, guide.language, *words]).encode()).hexdigest()


def drafts(plan: Programme) -> list[Draft]:
    """The translations of guides that wait to be signed, or were, by title and language."""
    found = [
        Draft(guide, plan.guide(guide.id), words_digest(guide, plan.guide(guide.id)))
        for guide in plan.guides.values()
        if not guide.publish and guide.language != plan.language
    ]
    return sorted(found, key=lambda draft: (draft.original.title, draft.guide.language))


def editions(plan: Programme, guide_id: str, signed: Collection[str]) -> Mapping[str, Guide]:
    """What may be read of a guide, by language; the programme's own first. Raises NotFound for no such guide."""
    original = plan.guide(guide_id)
    others = {
        each.language: each
        for each in sorted(plan.guides.values(), key=lambda each: each.language)
        if each.id == guide_id
        and each.language != original.language
        and (each.publish or words_digest(each, original) in signed)
    }
    return {original.language: original, **others}


def best_edition(found: Mapping[str, Guide], language: str) -> Guide:
    """The one in a language, or in a shorter form of its tag; else the first."""
    for tag in looked_for(language):
        if tag in found:
            return found[tag]
    return next(iter(found.values()))


def listed(plan: Programme, signed: Collection[str], words: str = "") -> list[Listed]:
    """The guides for patients in whose heading each of these words is, in any language that may be read; where there is
    none, those in whose text they are. The one on urgent help is the first, whatever it is called.
    """
    found = []
    for guide_id in {each.id: None for each in plan.guides.values() if each.audience == PATIENTS}:
        original, *others = editions(plan, guide_id, signed).values()
        found.append(Listed(original, tuple(others)))
    found.sort(key=lambda each: (each.guide.id != plan.safety.urgent_help_guide, each.guide.title))
    return said_in(found, heading_of, words) or said_in(found, lambda guide: guide.body, words)


def said_in(found: Iterable[Listed], text: Callable[[Guide], str], words: str) -> list[Listed]:
    wanted = plain(words).split()
    readable = {each: [plain(text(guide)) for guide in (each.guide, *each.others)] for each in found}
    return [each for each, texts in readable.items() if any(all(word in one for word in wanted) for one in texts)]


def heading_of(guide: Guide) -> str:
    return f"{guide.title} {guide.i_want_to} {guide.best_for}"


def by_audience(found: Iterable[Listed]) -> dict[str, list[Listed]]:
    """The same under a heading for whom each is best; what is for everyone comes first."""
    groups: dict[str, list[Listed]] = {EVERYONE: []}
    for each in found:
        groups.setdefault(each.guide.best_for or EVERYONE, []).append(each)
    return {heading: guides for heading, guides in groups.items() if guides}


def plain(words: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))
