"""The countries of the world by name, and the parts of one whose days off differ."""

from functools import cache
from importlib.resources import files

UNITED_KINGDOM = {
    "GB-ENG": "England",
    "GB-NIR": "Northern Ireland",
    "GB-SCT": "Scotland",
    "GB-WLS": "Wales",
}


@cache
def countries() -> dict[str, str]:
    """Names by ISO 3166 code, in order of name; of the United Kingdom its four parts (ISO 3166-2)."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t")[:2] for line in lines if line and not line.startswith("#"))
    found = {code: name for code, name in rows if code != "GB"} | UNITED_KINGDOM
    return dict(sorted(found.items(), key=lambda each: each[1].casefold()))
