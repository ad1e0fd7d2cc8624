"""The loop in C as an extension module, which setup.py builds into the wheel (cffi's API mode).

setup.py runs this file by itself, before anything is installed.
"""

import hashlib
from pathlib import Path

import cffi  # type: ignore[import-untyped]

HERE = Path(__file__).parent
HEADER = HERE / "hot.h"
SOURCES = [HEADER, HERE / "hot.c", HERE / "hot_intake.c"]
MODULE = "backtolife.sessions.media.datapath._hot"


def fingerprint() -> int:
    """A number made from the sources: a module made from others has another one."""
    content = b"".join(source.read_bytes() for source in SOURCES)
    return int.from_bytes(hashlib.sha256(content).digest()[:7], "big")


def declared() -> cffi.FFI:
    """What `hot.h` says."""
    ffi = cffi.FFI()
    ffi.cdef(HEADER.read_text())
    return ffi


def builder() -> cffi.FFI:
    """What cffi makes the module from. Where it cannot be built the wheel goes without it, as `optional` says."""
    ffi = declared()
    ffi.cdef("static const uint64_t built_from;")
    ffi.set_source(
        MODULE,
        f'#include "hot.h"\nstatic const uint64_t built_from = {fingerprint()}u;',
        sources=[str(source) for source in SOURCES if source.suffix == ".c"],
        depends=[str(HEADER)],
        include_dirs=[str(HERE)],
        extra_compile_args=["-O2"],
        optional=True,
    )
    return ffi
