"""Which backups stay, and what the settings may say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.keeping.rules import Kind, Named, gone, keep_rule, named
from backtolife.keeping.schedule import due
from backtolife.keeping.settings import BackupSettings, read

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
PUBLIC = "age1m6ca6z37dv2ucs5nt7lnssp5et8y2yreyr3d9c3jlwnct9h93ckqwsgz3v"


def at(*ages: timedelta, kind: Kind = "full") -> set[Named]:
    return {Named(NOON - age, kind) for age in ages}


def test_a_year_of_hourly_backups_leaves_what_the_rule_says() -> None:
    every = at(*(timedelta(hours=hours) for hours in range(24 * 365)))
    stays = every - gone(every, keep_rule("last=3,hourly=6,daily=14,weekly=8"))
    days = {each.made_at.date() for each in stays}
    assert {NOON.date() - timedelta(days=back) for back in range(14)} <= days
    assert min(days) == NOON.date() - timedelta(days=7 * 7 + NOON.weekday() - 6)
    assert len([each for each in stays if NOON - each.made_at < timedelta(hours=6)]) == 6


def test_each_kind_is_kept_by_itself() -> None:
    full, database = at(timedelta(days=9)), at(timedelta(), timedelta(hours=1), kind="database")
    assert gone(full | database, keep_rule("last=1")) == at(timedelta(hours=1), kind="database")


def test_all_keeps_all() -> None:
    assert gone(at(*(timedelta(days=days) for days in range(900))), keep_rule("all")) == set()


@given(
    st.sets(st.tuples(st.integers(0, 10**7), st.sampled_from(["full", "database"])), max_size=40),
    st.dictionaries(st.sampled_from(["last", "hourly", "daily", "weekly", "monthly"]), st.integers(1, 9)),
)
def test_the_newest_of_each_kind_always_stays(made: set[tuple[int, Kind]], rule: dict[str, int]) -> None:
    every = {Named(NOON - timedelta(seconds=age), kind) for age, kind in made}
    stays = every - gone(every, rule)
    for kind in {each.kind for each in every}:
        assert max(each for each in every if each.kind == kind) in stays


def test_a_name_is_read_as_it_was_written_and_others_are_none_of_ours() -> None:
    archive = Named(NOON, "database")
    assert archive.name == "backtolife-20260303T120000Z-database.age"
    assert named(archive.name) == archive
    for other in (
        "notes.age",
        f"{archive.name}.part",
        f"{archive.name}.sha256",
        "backtolife-20269903T120000Z-full.age",
    ):
        assert named(other) is None


@pytest.mark.parametrize("text", ["", "daily", "daily=0", "daily=-1", "daily=many", "yearly=3", "daily=1;weekly=2"])
def test_a_rule_that_nobody_can_read_is_refused_with_one_that_can(text: str) -> None:
    with pytest.raises(Invalid, match="daily=14,weekly=8"):
        keep_rule(text)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"BACKUP_RECIPIENTS": "age1nonsense"}, "no public key"),
        ({"BACKUP_RECIPIENTS": "AGE-SECRET-KEY-1ABC"}, "holds a private key"),
        ({"BACKUP_KEEP": "sometimes"}, "BACKUP_KEEP: 'sometimes'"),
        ({"BACKUP_EVERY_MINUTES": "5"}, "BACKUP_DIR is empty"),
        ({"BACKUP_EVERY_MINUTES": "5", "BACKUP_DIR": "/backups"}, "BACKUP_RECIPIENTS is empty"),
        ({"BACKUP_EVERY_MINUTES": "often"}, "BACKUP_EVERY_MINUTES is 'often'"),
    ],
)
def test_a_setting_that_would_leave_us_without_backups_is_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        read(environ)
    assert "SECRET-KEY-1ABC" not in refusal.value.message


@pytest.fixture
def every_five() -> BackupSettings:
    return read({"BACKUP_EVERY_MINUTES": "5", "BACKUP_DIR": "/backups", "BACKUP_RECIPIENTS": PUBLIC})


def test_the_first_backup_is_a_full_one_and_then_the_database_comes_every_five_minutes(
    every_five: BackupSettings,
) -> None:
    minutes, day = timedelta(minutes=1), timedelta(days=1)
    assert due([], every_five, NOON) == "full"
    assert due([*at(4 * minutes)], every_five, NOON) is None
    assert due([*at(5 * minutes)], every_five, NOON) == "database"
    assert due([*at(9 * minutes), *at(4 * minutes, kind="database")], every_five, NOON) is None
    assert due([*at(day), *at(minutes, kind="database")], every_five, NOON) == "full"


def test_a_clock_that_was_ahead_keeps_nobody_from_backing_up(every_five: BackupSettings) -> None:
    assert due([*at(-timedelta(hours=2))], every_five, NOON) == "full"
    assert due([], read({}), NOON) is None
