"""The provider at which staff sign in: well, gone, and another one than its settings say."""

from tests.doctor.conftest import Doctor
from tests.support.people.provider import CLIENT, SECRET, made_up_provider


def test_a_provider_is_asked_and_what_is_wrong_is_said(doctor: Doctor) -> None:
    assert "organisation" not in doctor().lines
    with made_up_provider() as provider:
        ours = {"OIDC_ISSUER": provider.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        state, words = doctor(**ours)["organisation"]
        assert (state, "/staff/sign-in/organisation/back" in words) == ("ok", True)
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
