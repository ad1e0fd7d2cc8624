"""The words on pages in another language, as something to be signed beside the guides."""

from backtolife.programme.guides.rules import Draft
from backtolife.programme.plan.material import Guide
from backtolife.text.catalogues import reading

PAGES = "words-on-pages"
TITLE = "Words on pages"
ENGLISH = "en-GB"
MARKED = str.maketrans({each: f"\\{each}" for each in "\\`*_{}[]<>()#+-.!|~"})


def page_drafts() -> list[Draft]:
    """One for each language that there are words for. They are the product's: every service signs them for itself."""
    found = []
    for tag in reading.tags():
        pairs = reading.pairs(tag)
        english = listed([form for each in pairs for form in each.english])
        other = listed([form for each in pairs for form in each.other])
        digest = reading.digest(tag)
        found.append(Draft(words_in(tag, other), words_in(ENGLISH, english), digest))
    return found


def listed(words: list[str]) -> str:
    """As a list in Markdown, in which every character stands for itself."""
    return "\n".join(["## " + TITLE, "", *(f"- {each.translate(MARKED)}" for each in words)])


def words_in(tag: str, body: str) -> Guide:
    return Guide(
        id=PAGES,
        title=TITLE,
        language=tag,
        right_to_left=tag != ENGLISH and reading.right_to_left(tag),
        audience="",
        version="1",
        publish=False,
        i_want_to="",
        best_for="",
        body=body,
    )
