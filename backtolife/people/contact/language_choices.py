"""The languages that a form offers, with what is kept already where it is none of them."""

from wtforms.fields.choices import SelectChoice

from backtolife.text.languages import languages, tag_of

NOT_SAID = "Not said"


def language_choices(kept: str) -> list[SelectChoice]:
    found = [SelectChoice("", NOT_SAID), *(SelectChoice(each.tag, each.shown) for each in languages().values())]
    told = tag_of(kept)
    return found if not told or told in languages() else [*found, SelectChoice(told, told)]
