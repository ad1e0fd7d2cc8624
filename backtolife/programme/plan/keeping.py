"""A whole programme as it is kept: the text of each of its files, told from any other by a digest."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from backtolife.programme.plan import loading
from backtolife.programme.plan.template import Programme

KINDS = (".yaml", ".md")


@cache
def shipped_files() -> Mapping[str, str]:
    """The files of the programme that comes with the product, read once."""
    return files_of(loading.SHIPPED)


@cache
def shipped_digest() -> str:
    return digest_of(shipped_files())


def files_of(folder: Path) -> dict[str, str]:
    """The text of each file of a programme, by its path in `folder`."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def digest_of(files: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def from_files(files: Mapping[str, str], *, of_today: bool = False) -> Programme:
    """The programme whose files were kept, or are written (`of_today`): then a name that nothing reads is refused.

    Raises Invalid for the first rule broken, as `load`.
    """
    return loaded(tuple(sorted(files.items())), of_today)


@lru_cache(8)
def loaded(files: tuple[tuple[str, str], ...], of_today: bool) -> Programme:
    """The same files are read once: a draft is looked at again and again between two changes."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name, text in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return loading.load(folder, of_today=of_today)
