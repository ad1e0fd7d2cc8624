"""Which release runs: a text that stays the same until something that pages are made of, or speak with, has changed."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from backtolife.config import ROOT

FOLDERS = (Path(__file__).parent, *(ROOT / name for name in ("templates", "static/js", "static/css", "static/vendor")))
KINDS = {".py", ".yaml", ".json", ".md", ".jinja", ".js", ".css"}


@cache
def release() -> str:
    """The release of this process. Asked for once as it starts: files may be replaced while it still runs."""
    return name_of(FOLDERS)


def name_of(folders: Iterable[Path]) -> str:
    """One short name for what is in these folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in KINDS and path.is_file()):
            digest.update(f"{path.relative_to(folder)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
