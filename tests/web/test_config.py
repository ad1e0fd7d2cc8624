"""What the settings refuse, before anybody can be hurt by it."""

import secrets
import stat
from pathlib import Path

import pytest

from backtolife.config import DEVELOPMENT_SECRET, from_environment, keep_private, monotonous
from backtolife.database.session import open_engine
from backtolife.errors import Invalid
from backtolife.serving import web_arguments
from backtolife.sessions.media import settings as media_settings

SAFE = {
    "BACKTOLIFE_ENV": "production",
    "SECRET_KEY": "zT4-kPq9_vLw2Xn7Rb5Yc8Hd1Mf6Jg3S",
    "DATA_KEY": "Rw5.nHc2Tb9Jx4Vk7Qd1Zp6Mg3Lf8Ys0",
    "AUDIT_KEY": "Gt6-mXc1Rv8Jq3Zk5Wd9Bp2Hn7Lf4Ys0",
    "LIVEKIT_API_SECRET": "Qe8.uVb3Nz6Ka1Wd9Xs4Ht7Pf2Lm5Yr0",
    "PUBLIC_URL": "https://back.example.org",
    "LIVEKIT_URL": "wss://back.example.org",
    "SMTP_HOST": "mail.example.org",
    "MEDIA_UDP_ADDRESS": "192.0.2.10",
}


def safe(**other: str) -> dict[str, str]:
    """The settings of a production that starts, with these in the place of its own; an empty one is not set."""
    return {name: value for name, value in {**SAFE, **other}.items() if value}


@pytest.mark.parametrize("address", ["unix:///run/redis/redis.sock", "127.0.0.1:6379"])
def test_a_redis_that_the_rooms_cannot_reach_is_refused_before_a_page_is_served(address: str) -> None:
    assert from_environment(safe(REDIS_URL="rediss://redis.example.org/0")).redis_url
    with pytest.raises(Invalid, match="REDIS_URL must begin"):
        from_environment(safe(REDIS_URL=address))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 32),
        ("SECRET_KEY", "change-me-" * 4),
        ("SECRET_KEY", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("SECRET_KEY_OLD", "a" * 40),
        ("DATA_KEY", ""),
        ("DATA_KEY", "a" * 32),
        ("AUDIT_KEY", ""),
        ("AUDIT_KEY", "a" * 32),
        ("AUDIT_KEY_OLD", "a" * 32),
        ("LIVEKIT_API_SECRET", ""),
        ("LIVEKIT_API_SECRET", "abab" * 10),
        ("PUBLIC_URL", "http://example.org"),
        ("LIVEKIT_URL", "ws://example.org"),
        ("SMTP_HOST", ""),
    ],
)
def test_production_does_not_start_on_an_unsafe_value(name: str, value: str) -> None:
    assert from_environment(safe()).production
    with pytest.raises(Invalid, match=name):
        from_environment(safe(**{name: value}))


@pytest.mark.parametrize(
    "other",
    [
        {"MEDIA_UDP_ADDRESS": ""},
        {"MEDIA_UDP_ADDRESS": "127.0.0.1"},
        {"MEDIA_UDP_ADDRESS": "::1"},
        {"MEDIA_UDP_ADDRESS": "", "HOST": "127.0.0.1"},
        {"MEDIA_PUBLIC_ADDRESS": "127.0.0.1, ::1"},
    ],
)
def test_a_site_for_others_does_not_start_with_sound_and_picture_for_itself_alone(other: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="MEDIA_UDP_ADDRESS"):
        from_environment(safe(**other))
    with pytest.raises(Invalid, match="MEDIA_UDP_ADDRESS"):
        media_settings.read(["--host", other.get("HOST", "127.0.0.1")], safe(**other))


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"MEDIA_UDP_ADDRESS": "", "HOST": "192.0.2.10"},
        {"MEDIA_UDP_ADDRESS": "10.0.0.4", "MEDIA_PUBLIC_ADDRESS": "203.0.113.7"},
        {"MEDIA_UDP_ADDRESS": "127.0.0.1", "MEDIA_PUBLIC_ADDRESS": "203.0.113.7"},
        {"PUBLIC_URL": "https://localhost", "MEDIA_UDP_ADDRESS": ""},
    ],
)
def test_it_starts_where_browsers_are_told_an_address_they_reach(other: dict[str, str]) -> None:
    assert from_environment(safe(**other)).production
    assert media_settings.read(["--host", other.get("HOST", "127.0.0.1")], safe(**other)).advertised


@pytest.mark.parametrize("other", [{"LIVEKIT_API_URL": "http://media.internal:7880"}, {"MEDIA_ENGINE": "livekit"}])
def test_a_web_process_says_nothing_of_an_engine_on_another_machine(other: dict[str, str]) -> None:
    assert from_environment(safe(MEDIA_UDP_ADDRESS="", **other)).production


def test_an_engine_on_every_address_tells_one_of_them() -> None:
    for every in ("0.0.0.0", "::"):  # noqa: S104 - what a person would write
        told = media_settings.read(["--udp-address", every], {}).advertised
        assert told
        assert not {"0.0.0.0", "::"} & set(told)  # noqa: S104


@pytest.mark.parametrize("told", ["back.example.org", "0.0.0.0", "203.0.113.7;203.0.113.8"])  # noqa: S104
def test_an_engine_tells_browsers_addresses_and_nothing_else(told: str) -> None:
    with pytest.raises(Invalid, match="MEDIA_PUBLIC_ADDRESS"):
        media_settings.read(["--public-address", told], {})


@pytest.mark.parametrize("value", ["a" * 32, "12345678" * 5, DEVELOPMENT_SECRET, "short"])
def test_an_engine_takes_no_secret_that_is_quickly_guessed(value: str) -> None:
    for name in ("LIVEKIT_API_SECRET", "TURN_SECRET"):
        with pytest.raises(Invalid, match=name):
            media_settings.read([], safe(TURN_URLS="turns:relay.example.org", **{"TURN_SECRET": "", name: value}))


def test_a_secret_made_at_random_is_taken() -> None:
    for _ in range(1000):
        assert not monotonous(secrets.token_hex(16))
        assert not monotonous(secrets.token_urlsafe(24))


@pytest.mark.parametrize(("name", "value"), [("PUBLIC_URL", "https://back.example.org"), ("HOST", "0.0.0.0")])  # noqa: S104
def test_where_nobody_said_what_it_is_nobody_else_reaches_it(name: str, value: str) -> None:
    with pytest.raises(Invalid, match="BACKTOLIFE_ENV"):
        from_environment({name: value})
    assert not from_environment({name: "http://localhost:8000" if name == "PUBLIC_URL" else "127.0.0.1"}).production
    with pytest.raises(Invalid, match="BACKTOLIFE_ENV"):
        media_settings.read(["--host", "0.0.0.0"], {})  # noqa: S104


def test_the_database_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    keep_private(folder)
    engine = open_engine(f"sqlite:///{folder / 'backtolife.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (a)")
        connection.exec_driver_sql("INSERT INTO one VALUES (1)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    engine.dispose()
    wanted = {"data": 0o700} | {f"backtolife.db{end}": 0o600 for end in ("", "-wal", "-shm")}
    assert modes == wanted


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "backtolife.db"
    file.touch(mode=0o644)
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    keep_private(tmp_path)
    open_engine(f"sqlite:///{file}").dispose()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, file)] == [0o700, 0o600]


def test_a_folder_of_everybody_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "of-others").touch()
    tmp_path.chmod(0o755)
    keep_private(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


WHOLE = "Use a whole number from"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_CONNECTIONS", "0"),  # SQLAlchemy takes 0 for as many as anybody wants
        ("DATABASE_CONNECTIONS", "-1"),
        ("DATABASE_CONNECTIONS", "4_0"),
        ("DATABASE_CONNECTIONS", "many"),
        ("DATABASE_CONNECTIONS", "9" * 5000),
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "70000"),
        ("PROXIES", "-1"),
        ("PROXIES", "1000"),
        ("PORT", "-8000"),
        ("PORT", "65536"),
        ("MEDIA_PORT", "٧٨٨٠"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused_with_what_can(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"{name} is .*{WHOLE}"):
        from_environment({name: value})


def test_whole_numbers_are_taken_also_with_spaces_around_them() -> None:
    found = from_environment({"DATABASE_CONNECTIONS": " 1 ", "SMTP_PORT": "65535", "PROXIES": "0"})
    assert (found.database_connections, found.smtp_port, found.proxies) == (1, 65535, 0)


@pytest.mark.parametrize("name", ["PORT", "WEB_THREADS"])
def test_the_site_is_not_served_with_a_number_that_cannot_be_meant(name: str) -> None:
    with pytest.raises(Invalid, match=f"{name} is '-1'. {WHOLE}"):
        web_arguments({name: "-1"})


def test_the_engine_takes_ports_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Invalid, match=f"MEDIA_UDP_PORT is '-1'. {WHOLE}"):
        media_settings.read([], {"MEDIA_UDP_PORT": "-1"})
    with pytest.raises(SystemExit):
        media_settings.read(["--port", "70000"], {})
    assert WHOLE in capsys.readouterr().err
    assert media_settings.read(["--port", "0"], {}).port == 0


def test_staff_need_a_second_step_in_production_unless_somebody_said_otherwise() -> None:
    assert from_environment(safe()).second_step_required
    assert not from_environment(safe(STAFF_SECOND_STEP="optional")).second_step_required
    assert not from_environment({"BACKTOLIFE_ENV": "demo"}).second_step_required
    assert from_environment({"BACKTOLIFE_ENV": "demo", "STAFF_SECOND_STEP": "required"}).second_step_required
    with pytest.raises(Invalid, match="STAFF_SECOND_STEP is 'no'"):
        from_environment(safe(STAFF_SECOND_STEP="no"))
