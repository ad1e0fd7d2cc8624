"""The provider at which staff sign in: well, gone, and another one than its settings say."""

from pathlib import Path

import pytest

from tests.doctor.conftest import Doctor
from tests.support.network.certificates import make_certificates
from tests.support.people.provider import CLIENT, SECRET, made_up_provider


def test_a_provider_is_asked_and_what_is_wrong_is_said(doctor: Doctor) -> None:
    assert "organisation" not in doctor().lines
    with made_up_provider() as provider:
        ours = {"OIDC_ISSUER": provider.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        state, words = doctor(**ours)["organisation"]
        assert (state, "/staff/sign-in/organisation/back" in words) == ("ok", True)
        state, words = doctor(OIDC_CLIENT_SECRET="another one")["organisation"]
        assert (state, "OIDC_CLIENT_SECRET" in words) == ("wrong", True)
        doctor(OIDC_CLIENT_SECRET=SECRET)
        provider.discovery = {"scopes_supported": ["openid"]}
        state, words = doctor()["organisation"]
        assert (state, "refresh tokens" in words) == ("warn", True)
        provider.discovery = {"issuer": "https://another.example"}
        state, words = doctor()["organisation"]
        assert (state, "Set OIDC_ISSUER" in words) == ("wrong", True)
        provider.down = True
        state, words = doctor()["organisation"]
        assert (state, "firewall" in words) == ("wrong", True)
    assert doctor(OIDC_CLIENT_ID="")["organisation"][0] == "wrong"


def test_a_provider_with_a_certificate_of_the_organisations_own_authority(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, certificate, key = make_certificates(tmp_path, "127.0.0.1")
    with made_up_provider(certificate=certificate, key=key) as provider:
        ours = {"OIDC_ISSUER": provider.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        state, words = doctor(**ours)["organisation"]
        assert (state, "update-ca-certificates" in words) == ("wrong", True)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert doctor()["organisation"][0] == "ok"
