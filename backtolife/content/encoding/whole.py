"""Whether what ffmpeg made is there to its last byte: on a disk that fills up it ends well and says nothing."""

import re
from pathlib import Path

BOX = 8
"""Bytes of a box's head in ISO/IEC 14496-12: its size, and four letters."""
NAMED = re.compile(r'^(?:#EXT-X-MAP:URI="([^"]+)"|([^#\s]\S*))$', re.MULTILINE)
"""A playlist's files: the head of all segments, and each segment."""


def is_whole(path: Path) -> bool:
    """Whether an MP4, or a playlist with all the MP4s that it names, was written to its end."""
    if path.suffix != ".m3u8":
        return fills(path)
    text = path.read_text(encoding="utf-8")
    parts = [path.parent / (head or segment) for head, segment in NAMED.findall(text)]
    return "#EXT-X-ENDLIST" in text and all(part.is_file() and fills(part) for part in parts)


def fills(path: Path) -> bool:
    """Whether the file's boxes, one after the other, end where the file ends."""
    length, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + BOX <= length:
            file.seek(at)
            size = int.from_bytes(file.read(4), "big")
            if size == 1:  # the size stands behind the letters, in eight bytes
                file.seek(at + BOX)
                size = int.from_bytes(file.read(8), "big")
            elif size == 0:  # to the end of the file: nothing tells a torn one
                return False
            if size < BOX:
                return False
            at += size
    return bool(length) and at == length
