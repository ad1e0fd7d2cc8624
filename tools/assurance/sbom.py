"""`python -m tools.assurance.sbom` writes every component with its version as CycloneDX into dist, never into git."""

import sys
from importlib import metadata
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Listed
from cyclonedx.model.component import ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from backtolife.config import ROOT
from tools.assurance.components import Component, of_browsers, of_python


def bom() -> Bom:
    version = metadata.version("backtolife")
    made = Bom(components=[listed(each) for each in (*of_python(), *of_browsers())])
    whole = Listed(name="backtolife", version=version, type=ComponentType.APPLICATION, bom_ref="backtolife")
    made.metadata.component = whole
    made.register_dependency(whole, made.components)
    return made


def listed(each: Component) -> Listed:
    space, _, name = each.name.rpartition("/")
    return Listed(
        name=each.name,
        version=each.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL(each.kind, space or None, name, each.version),
        bom_ref=f"{each.kind}:{each.name}@{each.version}",
        licenses=[DisjunctiveLicense(name=each.licence)],
    )


def written() -> str:
    return JsonV1Dot6(bom()).output_as_string(indent=2)


def main() -> int:
    path = Path("dist") / f"backtolife-{metadata.version('backtolife')}.cdx.json"
    (ROOT / path).parent.mkdir(exist_ok=True)
    (ROOT / path).write_text(written(), encoding="utf-8")
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
