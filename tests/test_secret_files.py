"""A secret may stand in a file, as a container is given it, and what is wrong with the file is said in words."""

from pathlib import Path

import pytest

from backtolife import cli, secret_files
from backtolife.errors import Invalid


def test_what_the_file_holds_is_the_secret(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("wonderful\n")
    environ = {"SECRET_KEY_FILE": str(tmp_path / "key"), "SMTP_HOST_FILE": "none of ours"}
    secret_files.read(environ)
    assert environ == {"SECRET_KEY": "wonderful", "SMTP_HOST_FILE": "none of ours"}


@pytest.mark.parametrize(
    ("held", "said"), [(None, "No such file"), (b"", "one line"), (b"a\nb", "one line"), (b"\xff\xfe", "no text")]
)
def test_a_file_that_holds_no_secret_is_named(held: bytes | None, said: str, tmp_path: Path) -> None:
    if held is not None:
        (tmp_path / "key").write_bytes(held)
    with pytest.raises(Invalid, match=f"DATA_KEY_FILE is .*{said}"):
        secret_files.read({"DATA_KEY_FILE": str(tmp_path / "key")})


def test_the_file_of_a_key_of_before_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"")
    environ = {f"{name}_FILE": str(tmp_path / "key") for name in secret_files.OLDER}
    secret_files.read(environ)
    assert environ == dict.fromkeys(secret_files.OLDER, "")


def test_a_secret_given_both_ways_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("one")
    with pytest.raises(Invalid, match="both set"):
        secret_files.read({"DATA_KEY_FILE": str(tmp_path / "key"), "DATA_KEY": "other"})


def test_every_command_reads_them_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "url").write_text(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert cli.main(["migrate"]) == 0
    assert (tmp_path / "elsewhere.db").exists()
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("DATABASE_URL", "")
    assert cli.main(["migrate"]) == 2
    assert "DATABASE_URL_FILE" in capsys.readouterr().err
