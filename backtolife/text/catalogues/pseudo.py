"""A language that nobody speaks: English with accents and a third longer. What is not in the catalogue stands out on a
page in it, and what has too little room overflows.
"""

import re

PSEUDO = "en-XA"
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^<>]*>|&\w+;)")
ACCENTED = str.maketrans("aceiounyACEIOUNY", "áçéíóúñýÁÇÉÍÓÚÑÝ")
LONGER = 0.35
FILLING = "~"


def pseudo_words(words: str) -> str:
    """The words in it. Gaps and tags stay as they are."""
    parts = KEPT.split(words)
    said = "".join(each if KEPT.fullmatch(each) else each.translate(ACCENTED) for each in parts)
    return f"[{said}{longer(words)}]"


def longer(words: str) -> str:
    """In pieces of a word's length, so that lines can break as they do in a language."""
    count = round(len(KEPT.sub("", words)) * LONGER)
    return "".join(" " + FILLING * min(7, count - start) for start in range(0, count, 7))
