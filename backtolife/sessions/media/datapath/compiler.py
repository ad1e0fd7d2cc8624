"""Compiles C sources into a shared library of the user's cache folder, under a name made from them, so once."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from backtolife.errors import Conflict
from backtolife.processes.child_env import child_env

BUILD_TIME = 60


def cache_dir() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "backtolife"


def build(sources: list[Path]) -> Path:
    """The library made from `sources`, headers among them. Raises Conflict, saying why, where it cannot be built."""
    name = sources[0].stem
    content = b"".join(source.read_bytes() for source in sources)
    target = cache_dir() / f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.so"
    if target.exists():
        return target
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise Conflict(f"There is no C compiler here to build {name}.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / target.name
            compiled = [str(source) for source in sources if source.suffix == ".c"]
            command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(made), *compiled]
            subprocess.run(command, check=True, capture_output=True, timeout=BUILD_TIME, env=child_env())
            made.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        raise Conflict(f"{name} cannot be built: {error}.") from None
    return target
