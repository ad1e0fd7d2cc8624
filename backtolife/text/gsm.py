"""The alphabet of a text message, and words written in it: a text holds 160 of its places."""

import unicodedata

SMS_CHARACTERS = 160
TWO_PARTS = 306
"""Places of a text that goes in two parts: each gives up seven to say that they belong together."""
OTHER_ALPHABETS = 134
"""Places of a text in two parts that has letters outside GSM-7, as Urdu has: each part holds 67."""
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
INSTEAD = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})


def in_the_alphabet(text: str) -> bool:
    """Whether it can go as GSM-7, in which a text holds most."""
    return all(each in GSM_BASIC or each in GSM_EXTENDED for each in text)


def in_gsm(text: str) -> str:
    """`text` as a phone of any age shows it: letters it lacks lose their marks, or are left out."""
    return "".join(map(as_sent, text.translate(INSTEAD)))


def as_sent(character: str) -> str:
    if character in GSM_BASIC or character in GSM_EXTENDED:
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if part in GSM_BASIC)
