"""Pictures of pages, small enough to keep beside the code."""

from pathlib import Path

from PIL import Image


def make_small(picture: Path) -> None:
    """256 colours are enough for a page, and a third of the bytes."""
    with Image.open(picture) as image:
        image.convert("RGB").quantize(256).save(picture, optimize=True)
