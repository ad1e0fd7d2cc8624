"""Every setting that the programs read is in the table of docs/running.md, and the table names no other."""

import ast
import re
import tomllib
from pathlib import Path

from backtolife.config import ROOT
from backtolife.secret_files import SECRETS

PAGE = ROOT / "docs" / "running.md"
NOT_SETTINGS = {"PATH"}
"""What every process has anyhow, and passes on."""
OF_A_REQUEST = re.compile(
    "HTTP_.*|PATH_INFO|QUERY_STRING|REMOTE_ADDR|REQUEST_METHOD|SCRIPT_NAME|CONTENT_(LENGTH|TYPE)|SERVER_.*"
)
"""What WSGI tells of a request stands in an `environ` too."""
BY_OPENSSL = {"SSL_CERT_FILE"}
"""Read by Python's own `ssl`, for every program of ours that opens a connection."""


def reads(path: Path) -> set[str]:
    """Names of environment variables that a module reads: as a key or first words of a call on the environment."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript) and of_environment(node.value):
            found |= words(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and of_environment(node.func.value):
            found |= words(*node.args[:1])
        elif isinstance(node, ast.Call) and node.args and of_environment(node.args[0]):
            found |= words(*node.args[1:2])
    return found


def of_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"os.environ", "env", "environ"}


def words(*nodes: ast.expr) -> set[str]:
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in values if isinstance(value, str) and value.isupper()}


def read_by_the_programs() -> set[str]:
    modules = [*(ROOT / "backtolife").rglob("*.py"), *(ROOT / "migrations").glob("*.py")]
    found = set().union(*map(reads, modules))
    return {name for name in found - NOT_SETTINGS if not OF_A_REQUEST.fullmatch(name)}


def in_the_table() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def test_every_setting_that_is_read_is_in_the_table() -> None:
    assert {"SECRET_KEY", "PORT", "MEDIA_UDP_ADDRESS"} <= read_by_the_programs()
    assert sorted(read_by_the_programs() - in_the_table()) == []


def test_the_table_names_no_setting_that_nothing_reads() -> None:
    in_files = {f"{name}_FILE" for name in SECRETS}
    assert sorted(in_the_table() - read_by_the_programs() - BY_OPENSSL - in_files) == []


def test_the_page_says_what_follows_from_each_place_in_the_example_proxy() -> None:
    proxy = (ROOT / "docs" / "examples" / "Caddyfile").read_text(encoding="utf-8")
    tls = PAGE.read_text(encoding="utf-8").partition("## TLS")[2].partition("\n## ")[0]
    places = set(re.findall(r"{\$([A-Z]+):", proxy))
    assert places == {"SITE", "MEDIA", "WEB"}
    follows = {"PUBLIC_URL", "LIVEKIT_URL", "PORT", "MEDIA_PORT", "MEDIA_WEBHOOK_URL", "LIVEKIT_API_URL"}
    assert sorted(name for name in places | follows if f"`{name}" not in tls) == []
    assert "docs/running.md" in proxy


def test_what_the_page_installs_holds_no_test_tools() -> None:
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    assert re.findall(r"-r (\S+)", commands) == ["requirements/production.txt"]
    assert "[dev]" not in commands
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    served = {name_of(each) for kind, needs in extras.items() if kind != "dev" for each in needs}
    pinned = (ROOT / "requirements" / "production.txt").read_text(encoding="utf-8")
    installed = {name_of(each) for each in re.findall(r"^\S+==", pinned, re.MULTILINE)}
    assert "flask" in installed
    tools = {name_of(each) for each in extras["dev"]} - served
    assert {"pytest", "playwright", "mypy"} <= tools
    assert sorted(tools & installed - {"python-socketio"}) == []


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=;, ]", requirement)[0].lower().replace("_", "-")
