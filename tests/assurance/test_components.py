"""Every component is listed with a licence and a version, and none is older than what mended a known weakness."""

import json
import re

import yaml
from packaging.version import Version

from backtolife.config import ROOT
from tools.assurance.components import PINNED, licence_of, of_browsers, of_python
from tools.assurance.sbom import written

KNOWN = yaml.safe_load((ROOT / "docs" / "safety" / "advisories.yml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for package, version in PINNED.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")):
        found.setdefault(package, []).append(Version(version))
    return found


def test_no_pin_is_older_than_what_mended_a_known_weakness() -> None:
    pinned = pins("production.txt")
    assert sorted({each["package"] for each in KNOWN} - set(pinned)) == [], "it is no longer used: take it off the list"
    weak = [each for each in KNOWN if min(pinned[each["package"]]) < Version(each["mended_in"])]
    assert weak == []


def test_whatever_is_pinned_is_in_the_list_of_parts_with_its_version_and_licence() -> None:
    parts = json.loads(written())
    assert (parts["bomFormat"], parts["metadata"]["component"]["name"]) == ("CycloneDX", "backtolife")
    listed = {(each["name"], each["version"]) for each in parts["components"] if each["purl"].startswith("pkg:pypi/")}
    assert listed == {(name, str(each)) for name, versions in pins("production.txt").items() for each in versions}
    assert all(each["licenses"][0]["license"]["name"] for each in parts["components"])
    assert "livekit-client" in {each["name"] for each in parts["components"]}


def test_the_list_of_parts_names_no_registry_and_no_machine() -> None:
    addresses = {each for each in re.findall(r"https?://[^\"/]+", written()) if "cyclonedx" not in each}
    assert sorted(each for each in addresses if "github" not in each) == []
    assert str(ROOT) not in written()


def test_what_browsers_get_is_listed_without_the_tools_that_build_it() -> None:
    names = {each.name for each in of_browsers()}
    assert {"hls.js", "livekit-client", "nhsuk-frontend", "socket.io-client"} <= names
    assert names.isdisjoint({"axe-core", "typescript", "esbuild"})


def test_a_licence_is_read_from_the_package_itself() -> None:
    assert licence_of("flask") == "BSD-3-Clause"
    assert licence_of("pyyaml") == "MIT License"
    assert [each.name for each in of_python() if not each.licence] == []
