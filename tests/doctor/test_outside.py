"""Mail, texts, the relay, the media port and the site's name: each is broken on purpose."""

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.doctor.conftest import Doctor
from tests.support.mail import Inbox
from tests.support.media.coturn import SECRET, running_coturn
from tests.support.network.certificates import make_certificates
from tests.support.network.notify import API_KEY, TEMPLATE, made_up_notify
from tests.support.running import running_house


def test_a_mail_server_is_spoken_to_and_gets_no_mail(doctor: Doctor, mail_server: Inbox) -> None:
    ours = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail_server.port), "SMTP_STARTTLS": "no"}
    assert doctor(**ours)["mail"] == ("ok", f"127.0.0.1:{mail_server.port} takes our mail. None was sent. ")
    assert mail_server.mails == []
    state, words = doctor(SMTP_STARTTLS="yes")["mail"]
    assert (state, "SMTP_STARTTLS" in words) == ("wrong", True)
    assert doctor(SMTP_STARTTLS="no", SMTP_USER="us", SMTP_PASSWORD="wrong")["mail"][0] == "wrong"


class Refusing:
    """Takes no mail from `somebody@`, and none for elsewhere."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return "550 No" if address.startswith("somebody@") else "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        return "554 Relay denied" if address.endswith("@elsewhere.example") else "250 OK"


def test_a_mail_server_that_takes_not_our_sender_or_not_that_address(doctor: Doctor, mail_server: Inbox) -> None:
    controller = Controller(Refusing(), hostname="127.0.0.1", port=0, ready_timeout=60.0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    ours = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(controller.port), "SMTP_STARTTLS": "no"}
    try:
        state, words = doctor("--mail-to", "me@elsewhere.example", **ours)["mail"]
        assert (state, "whether it relays" in words) == ("wrong", True)
        state, words = doctor(MAIL_FROM="somebody@example.org")["mail"]
        assert (state, "MAIL_FROM" in words) == ("wrong", True)
    finally:
        controller.stop()
    assert doctor()["mail"][0] == "wrong", "nobody is there any more"


def test_no_mail_server_at_all_is_a_warning(doctor: Doctor) -> None:
    assert doctor()["mail"][0] == "warn"


def test_texts_are_asked_for_their_template(doctor: Doctor) -> None:
    assert doctor()["texts"][0] == "ok"
    with made_up_notify() as notify:
        ours = {"NOTIFY_API_KEY": API_KEY, "NOTIFY_TEMPLATE_ID": TEMPLATE, "NOTIFY_URL": notify.url}
        ours["PUBLIC_URL"] = "http://127.0.0.1:1"
        assert "NOTIFY_CALLBACK_TOKEN" in doctor(**ours)["texts"][1]
        assert doctor(NOTIFY_CALLBACK_TOKEN="t" * 40)["texts"][0] == "ok"
        notify.template = "Dear patient, ((message))"
        assert "other words" in doctor()["texts"][1]
        wrong_key = f"{API_KEY[:-1]}3"
        assert "does not let us send" in doctor(NOTIFY_API_KEY=wrong_key)["texts"][1]
        assert doctor(NOTIFY_API_KEY=API_KEY, NOTIFY_TEMPLATE_ID=TEMPLATE[:-1] + "9")["texts"][0] == "wrong"
        assert notify.texts == []
    assert doctor(NOTIFY_TEMPLATE_ID=TEMPLATE)["texts"][0] == "wrong", "nobody answers"


def test_the_relay_gives_a_place_or_the_reason_why_not(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor()["relay"][0] == "not checked"
    with running_coturn(tmp_path / "coturn") as relay:
        monkeypatch.setenv("SSL_CERT_FILE", str(relay.authority))
        assert doctor(TURN_URLS=relay.over_tcp, TURN_SECRET=SECRET)["relay"][0] == "ok"
        assert doctor(TURN_URLS=f"turn:{relay.address}:{relay.port}")["relay"][0] == "ok"
        assert doctor(TURN_URLS=relay.over_tls)["relay"][0] == "ok"
        monkeypatch.delenv("SSL_CERT_FILE")
        assert "certificate" in doctor()["relay"][1]
        state, words = doctor(TURN_URLS=relay.over_tcp, TURN_SECRET="w" * 40)["relay"]
        assert (state, "static-auth-secret must be the same" in words) == ("wrong", True)
    assert "Does coturn run" in doctor()["relay"][1]
    assert "no address of a relay" in doctor(TURN_URLS="http://relay")["relay"][1]


def test_a_media_port_that_another_program_has(doctor: Doctor) -> None:
    assert "systemctl start backtolife-media" in doctor()["media"][1]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        state, words = doctor(MEDIA_UDP_PORT=str(other.getsockname()[1]))["media"]
    assert (state, "End the program that has it" in words) == ("wrong", True)
    assert "MEDIA_UDP_ADDRESS" in doctor(MEDIA_PUBLIC_ADDRESS="a.name.example")["media"][1]


@pytest.mark.media
def test_a_house_that_runs_is_well_and_one_whose_engine_has_another_port_is_not(doctor: Doctor, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        udp_port = probe.getsockname()[1]
    with running_house(tmp_path / "house", udp_port=udp_port) as house:
        ours = {"PUBLIC_URL": house.url, "LIVEKIT_API_URL": house.settings.media_api_url}
        said = doctor(**ours, MEDIA_UDP_PORT=str(udp_port))
        assert (said["media"][0], said["site"][0]) == ("ok", "ok")
        state, words = doctor(MEDIA_UDP_PORT=str(udp_port - 1))["media"]
        assert (state, "with the same settings" in words) == ("wrong", True)
        assert doctor(PUBLIC_URL=house.settings.media_api_url + "/nowhere")["site"][0] == "wrong"


@contextmanager
def over_tls(folder: Path, *, certified: bool = True) -> Iterator[tuple[int, Path]]:
    """A page over TLS, and the authority that signed for it; the certificate ends tomorrow, or is not there yet."""
    authority, certificate, key = make_certificates(folder, "127.0.0.1")

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certified:
        context.load_cert_chain(certificate, key)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # who goes away in the middle is the point
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, authority
        server.shutdown()
        thread.join()


def test_a_name_that_nobody_knows_or_with_a_certificate_that_is_not_right(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with over_tls(tmp_path) as (port, authority):
        url = f"https://127.0.0.1:{port}"
        said = doctor(PUBLIC_URL=url, LIVEKIT_URL=url.replace("https", "wss"))
        for name in ("site", "media name"):
            assert (said[name][0], "SSL_CERT_FILE" in said[name][1]) == ("wrong", True)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        state, words = doctor()["site"]
        assert (state, "ends on" in words) == ("warn", True)
    assert "Start the proxy" in doctor()["site"][1]
    with over_tls(tmp_path, certified=False) as (port, _):
        state, words = doctor(PUBLIC_URL=f"https://127.0.0.1:{port}")["site"]
        assert (state, "no certificate" in words, "Start the proxy" in words) == ("wrong", True, False)
    assert "Nobody knows the name" in doctor(PUBLIC_URL="https://nobody.invalid")["site"][1]
    assert "Nobody knows the name" in doctor(LIVEKIT_URL="wss://nobody.invalid")["media name"][1]
