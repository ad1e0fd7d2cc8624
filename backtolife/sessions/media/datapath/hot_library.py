"""The C code of the loop, as Python calls it: the module that came with the wheel, or a library compiled here.

In a checkout the module may have been built before its sources were changed: then it is passed over.
"""

import importlib
from typing import NamedTuple

from backtolife.errors import Conflict
from backtolife.sessions.media.datapath import compiler, hot_build
from backtolife.sessions.media.datapath.hot_types import Ffi, Library


class Loaded(NamedTuple):
    ffi: Ffi
    library: Library
    packed: bool
    """Whether it came with the wheel."""


def load() -> Loaded:
    """Raises Conflict, saying why, where there is no module and none can be compiled."""
    return _packed() or _compiled()


def _packed() -> Loaded | None:
    try:
        module = importlib.import_module(hot_build.MODULE)
    except ImportError:
        return None
    if module.lib.built_from != hot_build.fingerprint():
        return None
    return Loaded(module.ffi, module.lib, packed=True)


def _compiled() -> Loaded:
    """The library is kept in the user's cache folder under a name made from its sources, so it is built once."""
    ffi = hot_build.declared()
    try:
        return Loaded(ffi, ffi.dlopen(str(compiler.build(hot_build.SOURCES))), packed=False)
    except OSError as error:
        raise Conflict(f"The compiled loop cannot be loaded: {error}.") from None
