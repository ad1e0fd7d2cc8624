"""A programme as one file: packed with every byte of its files, and unpacked as far as that is safe."""

import lzma
import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from backtolife.errors import Invalid
from backtolife.programme.plan.keeping import KINDS
from backtolife.programme.plan.yaml_lines import LARGEST_FILE_BYTES, Broken

PLAN = "programme.yaml"
LARGEST_PACKED = 5_000_000
LARGEST_UNPACKED = 10_000_000
MOST_FILES = 300
NAME = re.compile(r"[A-Za-z0-9._() -]{1,120}")
LEFT_BY_SYSTEMS = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
NOT_A_ZIP = "This file is no ZIP file, or it is broken. Pack or download it again, then choose it again."


def packed(files: Mapping[str, str]) -> BytesIO:
    """All its files as they are: the same files are the same ZIP file, byte for byte."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name in sorted(files):
            archive.writestr(ZipInfo(name), files[name].encode(), ZIP_DEFLATED)
    made.seek(0)
    return made


def unpacked(data: bytes) -> dict[str, str]:
    """The text of each file in a ZIP file, by its path. Raises Invalid naming the file that is not taken."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            wanted = [each for each in archive.infolist() if not passed_over(each)]
            if len(wanted) > MOST_FILES:
                raise Invalid(f"There are {len(wanted)} files in it. A programme has at most {MOST_FILES}.")
            read: dict[str, bytes] = {}
            left = LARGEST_UNPACKED
            for each in wanted:
                refuse_name(each.filename, read)
                read[each.filename] = content(archive, each, left)
                left -= len(read[each.filename])
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error, lzma.LZMAError) as error:
        raise Invalid(NOT_A_ZIP) from error
    if not read:
        raise Invalid("There is no file in it.")
    top = top_folder(read)
    return {name.removeprefix(top): as_text(name.removeprefix(top), content) for name, content in read.items()}


def passed_over(each: ZipInfo) -> bool:
    """Folders, and what a computer puts beside the files by itself."""
    return each.is_dir() or bool(LEFT_BY_SYSTEMS.search(each.filename))


def refuse_name(name: str, known: Mapping[str, bytes]) -> None:
    shown = name[:80]
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in parts:
        raise Invalid(f"{shown}: this name leads out of the programme’s folder. Nothing was taken from the file.")
    if not all(NAME.fullmatch(part) and part != "." for part in parts):
        raise Invalid(f"{shown}: use letters a to z, digits, spaces, dots, - and _ in the names of files.")
    if not name.endswith(KINDS):
        raise Invalid(f"{shown}: a programme has files that end in .yaml or .md. Take this one out.")
    folders = {"/".join(parts[:length]) for length in range(1, len(parts))}
    if name in known or folders & known.keys() or any(each.startswith(f"{name}/") for each in known):
        raise Invalid(f"{shown}: this name is there twice.")


def content(archive: ZipFile, each: ZipInfo, left: int) -> bytes:
    if each.flag_bits & 1:
        raise Invalid(f"{each.filename}: it has a password. Pack the files without one.")
    if each.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Invalid(f"{each.filename}: it is packed in an unusual way. Pack the files as an ordinary ZIP file.")
    most = min(LARGEST_FILE_BYTES, left)
    with archive.open(each) as packed_file:
        found = packed_file.read(most + 1)
    if len(found) > most:
        size = "The files are larger than 10 MB together" if most == left else "It is larger than 2 MB"
        raise Invalid(f"{each.filename}: {size[:1].lower()}{size[1:]} when unpacked.")
    return found


def top_folder(names: Mapping[str, bytes]) -> str:
    """The folder that all files are in, with its /; empty where there is none."""
    top = f"{next(iter(names)).partition('/')[0]}/"
    return top if PLAN not in names and all(name.startswith(top) for name in names) else ""


def as_text(name: str, found: bytes) -> str:
    """Raises Invalid with file and line for what is no text."""
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found[: error.start].count(b"\n") + 1
        raise Broken(name, line, "the text is not UTF-8. Save the file as UTF-8.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Broken(name, line, "the character U+0000 cannot be kept. Take it out.")
    return text


def unpacked_beside(name: str, data: bytes, others: Mapping[str, str]) -> dict[str, str]:
    """A single YAML file in the place of the one of its kind among `others`, which stay. Raises Invalid."""
    text = as_text(name, data)
    return {**others, place_of(name, text, others): text}


def place_of(name: str, text: str, others: Mapping[str, str]) -> str:
    """Which file of a programme it is: by its name, else by what only that one has."""
    if name in others and name.endswith(".yaml"):
        return name
    for place, mark in ((PLAN, "sessions:"), ("messages.yaml", "placeholders:"), ("exercises.yaml", "exercises:")):
        if re.search(rf"^{mark}", text, re.MULTILINE):
            return place
    names = ", ".join(sorted(each for each in others if each.endswith(".yaml")))
    raise Invalid(f"We do not know which file of the programme {name} is. Name it as one of: {names}.")
