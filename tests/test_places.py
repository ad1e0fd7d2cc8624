"""Folders and files stay small enough to take in, and the links of our pages lead somewhere."""

from pathlib import Path

from tools.places import LONGEST, MOST, dead_links, main, too_full, too_long

FULL = [Path("room") / f"{number}.py" for number in range(MOST)]


def test_a_file_has_three_hundred_lines_and_not_one_more() -> None:
    lines = "x = 1\n" * LONGEST
    assert too_long(Path("room/seats.py"), lines) == []
    (said,) = too_long(Path("room/seats.py"), lines + "x = 1\n")
    assert said.startswith("room/seats.py: 301 lines")
    assert too_long(Path("room/words.json"), lines + "{}\n") == []


def test_nothing_here_is_too_full_or_too_long_and_no_link_is_dead() -> None:
    assert main() == 0


def test_the_sixteenth_file_of_a_folder_is_one_too_many() -> None:
    assert too_full(FULL) == []
    (said,) = too_full([*FULL, Path("room/one_more.py")])
    assert said.startswith("room: 16 files")


def test_the_root_is_a_folder_as_well() -> None:
    assert len(too_full(Path(path.name) for path in [*FULL, Path("one_more.toml")])) == 1


def test_an_empty_init_and_what_lies_deeper_do_not_count() -> None:
    assert too_full([*FULL, Path("room/__init__.py"), Path("room/inner/thing.py")]) == []


def test_migrations_and_pictures_may_be_many() -> None:
    assert (
        too_full(
            Path(folder) / path.name
            for folder in ("migrations/versions", "docs/pictures")
            for path in [*FULL, Path("x")]
        )
        == []
    )


def test_a_link_to_no_file_is_named_and_one_to_the_web_or_the_page_itself_is_not_looked_at() -> None:
    text = "[here](running.md#tls) [web](https://example.org/none) [part](#tls) [gone](decisions/0099-none.md)"
    assert dead_links(Path("docs/media.md"), text) == ["docs/media.md: no file is at decisions/0099-none.md"]
