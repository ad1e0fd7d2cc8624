"""compose.yaml is what Compose takes, closes every container as it says, and asks for no secret in words."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from backtolife import cli, secret_files
from backtolife.config import ROOT, from_environment

COMPOSE = ROOT / "deploy" / "containers" / "compose.yaml"
PAGE = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
OURS = ("web", "media", "scheduler", "migrate", "backup")
PUBLIC_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody did what the page says, up to the start; something stands in for docker."""
    folder = tmp_path_factory.mktemp("compose")
    stand_in = tmp_path_factory.mktemp("bin") / "docker"
    stand_in.write_text(f"#!/bin/sh\necho {PUBLIC_KEY}\n")
    stand_in.chmod(0o755)
    known = {**os.environ, "PATH": f"{stand_in.parent}:{os.environ['PATH']}"}
    script = "\n".join(BLOCKS[:3]).replace("/srv/backtolife", str(folder))
    subprocess.run(["bash", "-euc", script], cwd=ROOT, env=known, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def read(folder: Path) -> dict[str, Any]:
    """As Compose itself reads it, checked by its own schema."""
    done = subprocess.run(["docker-compose", "config"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def services(read: dict[str, Any]) -> dict[str, Any]:
    return dict(read["services"])


def test_without_a_name_for_the_site_compose_says_what_to_do(tmp_path: Path) -> None:
    shutil.copy(COMPOSE, tmp_path)
    done = subprocess.run(["docker-compose", "config"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Say in .env" in done.stderr


def test_every_container_is_closed(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else []), name
        assert "docker.sock" not in json.dumps(service), name


def test_nothing_is_open_to_the_world_but_the_proxy_the_pictures_and_the_relay(services: dict[str, Any]) -> None:
    opened = {name for name, service in services.items() if service.get("ports")}
    assert opened == {"proxy", "media"}
    assert [name for name, service in services.items() if service.get("network_mode") == "host"] == ["relay"]
    for name in ("database", "redis"):
        assert list(services[name]["networks"]) == ["inside"]


def test_the_network_of_the_database_leads_nowhere(read: dict[str, Any]) -> None:
    assert read["networks"]["inside"]["internal"] is True


def test_no_secret_stands_in_the_file_or_in_an_environment(folder: Path, services: dict[str, Any]) -> None:
    told = {name for service in services.values() for name in service.get("environment", {})}
    assert told & set(secret_files.SECRETS) == {"REDIS_URL"}
    written = (folder / "compose.yaml").read_text() + json.dumps(services)
    for name in ("secret_key", "database_password", "turnserver"):
        assert (folder / "secrets" / name).read_text().strip() not in written


def test_every_secret_is_one_that_the_page_makes_and_is_given_to_who_asks(
    folder: Path, read: dict[str, Any], services: dict[str, Any]
) -> None:
    assert set(read["secrets"]) == {path.name for path in (folder / "secrets").iterdir()}
    for name, service in services.items():
        given = {each["source"] for each in service.get("secrets", [])}
        assert set(re.findall(r"/run/secrets/(\w+)", json.dumps(service))) == given, name


@pytest.mark.parametrize("name", OURS)
def test_the_product_takes_these_settings(name: str, folder: Path, services: dict[str, Any]) -> None:
    environ = {
        key: str(value).replace("/run/secrets", str(folder / "secrets"))
        for key, value in services[name]["environment"].items()
    }
    secret_files.read(environ)
    settings = from_environment({**environ, "DATA_DIR": str(folder / "data")})
    assert settings.production
    assert settings.public_url == "https://back.example.org"
    assert settings.database_url.startswith("postgresql://backtolife:")
    assert settings.turn_secret == (folder / "secrets" / "turn_secret").read_text().strip()


def test_the_three_processes_wait_for_the_migration_and_are_asked_at_their_own_port(services: dict[str, Any]) -> None:
    ports = {"web": "8000", "media": "7880", "scheduler": "7890"}
    for name, port in ports.items():
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["environment"]["READY_PORT"] == port
        with pytest.raises(SystemExit) as ended:
            cli.main([*services[name]["command"], "--help"])
        assert ended.value.code == 0
    assert services["scheduler"]["environment"]["SCHEDULER_PORT"] == ports["scheduler"]


def test_the_relay_takes_the_secret_of_the_engine_and_relays_to_it_alone(folder: Path) -> None:
    lines = (folder / "secrets" / "turnserver").read_text().splitlines()
    secret = (folder / "secrets" / "turn_secret").read_text().strip()
    assert f"static-auth-secret={secret}" in lines
    assert "allowed-peer-ip=203.0.113.10" in lines
    assert "denied-peer-ip=0.0.0.0-255.255.255.255" in lines
    assert not [line for line in lines if line.startswith(("cert", "pkey", "tls-"))]


def test_the_commands_of_the_page_name_containers_that_there_are(services: dict[str, Any]) -> None:
    seen = 0
    for verb, words in re.findall(r"docker compose (\w+)([^\n|]*)", "\n".join(BLOCKS)):
        if verb in {"exec", "run", "stop", "start"}:
            seen += 1
            assert {*words.split()} & set(services), (verb, words)
    assert seen
