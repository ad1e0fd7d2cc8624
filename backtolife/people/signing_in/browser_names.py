"""What a browser is called for the person who used it: “Chrome on Windows”. Pure; no more of it is kept."""

import re

BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/"),
    ("Safari", r"\bVersion/.*Safari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Chromebook", r"\bCrOS\b"),
    ("Mac", r"\bMac(?:intosh| OS X)\b"),
    ("Linux", r"\bLinux\b"),
)
UNKNOWN = "A browser"
LOOKED_AT = 400


def name_of(user_agent: str) -> str:
    """The first that fits: most browsers say the names of others as well."""
    told = user_agent[:LOOKED_AT]
    browser = next((name for name, sign in BROWSERS if re.search(sign, told)), UNKNOWN)
    system = next((name for name, sign in SYSTEMS if re.search(sign, told)), "")
    return f"{browser} on {system}" if system else browser
