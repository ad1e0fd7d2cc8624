"""Packs what lies beside the package into the wheel: `static`, `templates` and `migrations` keep their place here.

The media engine's loop in C is compiled into it, where a compiler is there.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
BESIDE = ("static", "templates", "migrations", "Procfile")
BUILT = (".lock", "room/patient.js", "room/staff.js", "room/room.css", "room/site.css", "room/staff.css")
FOR_WORKING_ON_IT = ("*.d.ts", "tsconfig.json", "djlint.toml", ".djlint_rules.yaml", "alembic.ini")
NEVER = shutil.ignore_patterns("__pycache__", "*.pyc", "axe-core", ".joined", *FOR_WORKING_ON_IT)
OLDEST = "cp311"
"""The Python from which on one compiled module serves all."""


class PackBeside(build_py):
    """Lay the folders beside the package into `backtolife/packed`, where an installed wheel looks for them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        missing = [name for name in BUILT if not (HERE / "static" / "vendor" / name).exists()]
        if missing:
            sys.exit("The browser's packages are not here yet. Run: make wheel")
        packed = Path(self.build_lib) / "backtolife" / "packed"
        shutil.rmtree(packed, ignore_errors=True)
        for name in BESIDE:
            if (HERE / name).is_dir():
                shutil.copytree(HERE / name, packed / name, ignore=NEVER)
            else:
                shutil.copy(HERE / name, packed / name)


class NameWheel(bdist_wheel):
    """A wheel into which nothing could be compiled is for any machine, and its name says so."""

    def get_tag(self) -> tuple[str, str, str]:
        if not list(Path(self.bdist_dir).rglob("_hot.*")):
            return ("py3", "none", "any")
        return super().get_tag()


setup(
    cmdclass={"build_py": PackBeside, "bdist_wheel": NameWheel},
    cffi_modules=["backtolife/sessions/media/datapath/hot_build.py:builder"],
    options={"bdist_wheel": {"py_limited_api": OLDEST}},
)
