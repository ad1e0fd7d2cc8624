"""The C code of the loop: what Python believes of it is what its header says, and where it is taken from."""

import sys
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest

from backtolife.errors import Conflict
from backtolife.sessions.media.datapath import compiler, hot_build, hot_library, hot_types
from backtolife.sessions.media.tracks import choice

STRUCTS = {
    "copy_t": hot_types.CopyStruct,
    "sent_t": hot_types.SentStruct,
    "fanout_t": hot_types.FanoutStruct,
    "kept_t": hot_types.KeptStruct,
    "stream_t": hot_types.StreamStruct,
    "source_t": hot_types.SourceStruct,
}
NUMBERS = {"uint32_t", "uint64_t", "int32_t"}


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Nothing was compiled here, and there is no compiler."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CC", "no-such-compiler")


def packed(built_from: int) -> Any:
    """The module as it comes with a wheel made from certain sources."""
    return SimpleNamespace(ffi=object(), lib=SimpleNamespace(built_from=built_from))


def endpoint() -> Any:
    return SimpleNamespace(descriptor=0, sendto=None, intake="in Python")


@pytest.mark.parametrize("name", STRUCTS)
def test_every_field_that_python_knows_is_one_of_the_header_and_of_its_kind(name: str) -> None:
    declared = {
        field: known.type.cname for field, known in hot_build.declared().typeof(name).fields if field != "spare"
    }
    believed = get_type_hints(STRUCTS[name])
    assert believed.keys() == declared.keys()
    assert {field for field in believed if believed[field] is int} == {
        field for field, kind in declared.items() if kind in NUMBERS
    }


def test_a_module_made_from_these_sources_is_taken(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, hot_build.MODULE, packed(hot_build.fingerprint()))
    assert hot_library.load().packed


def test_a_module_made_from_other_sources_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, hot_build.MODULE, packed(hot_build.fingerprint() + 1))
    assert not hot_library.load().packed


def test_a_checkout_compiles_what_it_has_no_module_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, hot_build.MODULE, None)
    loaded = hot_library.load()
    assert not loaded.packed
    assert loaded.library.BATCH == 64


def test_without_module_and_compiler_the_loop_in_python_does_the_work(
    nowhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, hot_build.MODULE, None)
    socket = endpoint()
    assert choice.choose("auto", socket).name == "python"
    assert socket.intake == "in Python"
    with pytest.raises(Conflict, match="no C compiler"):
        choice.choose("compiled", endpoint())


def test_a_library_that_cannot_be_loaded_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    damaged = tmp_path / "damaged.so"
    damaged.write_bytes(b"no library")
    monkeypatch.setitem(sys.modules, hot_build.MODULE, None)
    monkeypatch.setattr(compiler, "build", lambda _sources: damaged)
    with pytest.raises(Conflict, match="cannot be loaded"):
        hot_library.load()
