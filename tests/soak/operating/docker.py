"""Does what docs/containers.md asks of docker, with buildah, on a machine where no engine runs.

Images and the one container made of ours are in the folder that STORE names.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

CHROOT = ("--isolation", "chroot")
CONTAINER = "backtolife-it"
TAKES_A_WORD = {"--user": "--user", "--volume": "--volume"}


def buildah(store: Path, *words: str) -> list[str]:
    return ["buildah", "--root", f"{store}/root", "--runroot", f"{store}/run", "--storage-driver", "vfs", *words]


def inside(
    store: Path,
    words: Sequence[str],
    *,
    user: str = "",
    environ: Mapping[str, str] | None = None,
    volumes: Sequence[str] = (),
) -> list[str]:
    """The command that runs these words in the container."""
    options = [f"--env={name}={value}" for name, value in (environ or {}).items()]
    options += [f"--volume={each}" for each in volumes]
    options += [f"--user={user}"] if user else []
    return buildah(store, "run", *CHROOT, *options, CONTAINER, "--", *words)


def build(store: Path, words: Sequence[str]) -> None:
    here = {**os.environ, "TMPDIR": str(store)}
    command = buildah(store, "bud", "--pull-never", *CHROOT, "--format", "docker", "--layers=false", *words)
    subprocess.run(command, env=here, stdout=sys.stderr, check=True)
    subprocess.run(buildah(store, "from", "--pull-never", "--name", CONTAINER, "backtolife"), env=here, check=True)


def run(store: Path, words: list[str]) -> None:
    options: dict[str, str] = {}
    while words[0].startswith("--"):
        name = words.pop(0)
        if name in TAKES_A_WORD:
            options[name] = words.pop(0)
    volumes = [options["--volume"]] if "--volume" in options else []
    command = ["backtolife", *words[1:]]
    subprocess.run(inside(store, command, user=options.get("--user", ""), volumes=volumes), check=True)


def main(verb: str, *words: str) -> None:
    store = Path(os.environ["STORE"])
    if verb == "build":
        build(store, words)
    elif verb == "run":
        run(store, list(words))
    else:
        sys.exit(f"docker {verb} is not played here")


if __name__ == "__main__":
    main(*sys.argv[1:])
