"""Which addresses, among those that a browser tells us, are pages of our own: to them alone we lead on. Pure."""

from urllib.parse import urlsplit


def is_own_page(address: str) -> bool:
    """Whether `address` is a path on this site. “//elsewhere” is a path for a parser and another site for a browser."""
    if not address.isprintable() or "\\" in address:  # browsers leave out tabs and line ends, and turn \ into /
        return False
    parts = urlsplit(address) if address.startswith("/") and not address.startswith("//") else None
    return parts is not None and not parts.netloc and not parts.scheme
