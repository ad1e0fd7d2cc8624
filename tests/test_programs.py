"""What the tests need beside Python: nothing is installed unasked, and one sentence says what to do."""

import pytest

from tools import programs


@pytest.fixture(autouse=True)
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("it installed something unasked")

    monkeypatch.setattr(programs, "FOUND_BY", dict.fromkeys(programs.FOUND_BY, lambda: False))
    monkeypatch.setattr(programs.subprocess, "run", refuse)


@pytest.mark.parametrize(("target", "command"), [("test", "make programs\n"), ("soak", "make programs FOR=soak\n")])
def test_what_is_missing_is_named_with_the_one_command_that_installs_it(
    target: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert programs.main([target]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Missing here: caddy, chromium")
    assert said.endswith(command)
    assert said.count("\n") == 1


def test_an_unknown_purpose_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert programs.main(["--install", "lunch"]) == 1
    assert "check, test, bench" in capsys.readouterr().out


def test_every_program_that_is_needed_can_be_looked_for() -> None:
    needed = {name for names in programs.NEEDED.values() for name in names}
    assert needed <= set(programs.FOUND_BY)


def test_who_has_everything_hears_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(programs, "FOUND_BY", dict.fromkeys(programs.FOUND_BY, lambda: True))
    assert programs.main(["test"]) == 0
    assert capsys.readouterr().out == ""
