"""A made-up GOV.UK Notify: its real HTTP interface on loopback, which checks each call's signature and age."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from backtolife.config import Settings
from tests.support.mail import Inbox
from tests.support.network.made_up_server import JsonDoor, answering

SERVICE, SECRET = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
API_KEY = f"a_test_key-{SERVICE}-{SECRET}"
TEMPLATE = str(uuid.UUID(int=3))
OLDEST_SECONDS = 30
ERRORS = {
    400: ("ValidationError", "phone_number Not enough digits"),
    403: ("AuthError", "Invalid token: service not found"),
    429: ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    500: ("Exception", "Internal server error"),
}


@dataclass
class MadeUpNotify:
    url: str = ""
    answers: list[int] = field(default_factory=list)
    """The codes that the next calls to send get, the first first; 0 takes the text and never answers."""
    texts: list[dict[str, str]] = field(default_factory=list)
    template: str = "((message))"
    """The words of our template."""
    refused_calls: list[str] = field(default_factory=list)
    """Why calls were turned away at the door: no signature of ours, or an old one."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def words_to(self, number: str) -> list[str]:
        return [text["body"] for text in self.texts if text["phone_number"] == number]


def writing_to(settings: Settings, inbox: Inbox, notify: MadeUpNotify) -> Settings:
    """These settings, with mail going to our own server and texts to the made-up Notify."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=inbox.port,
        smtp_starttls=False,
        notify_api_key=API_KEY,
        notify_template_id=TEMPLATE,
        notify_url=notify.url,
    )


class Door(JsonDoor):
    notify: MadeUpNotify

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the standard library
        del format, args

    def do_POST(self) -> None:  # noqa: N802 - the name that the library calls
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.signed():
            return
        code = self.notify.answers.pop(0) if self.notify.answers else 201
        if code in ERRORS:
            self.refuse(code)
            return
        text = {
            "id": str(uuid.uuid4()),
            "reference": body.get("reference"),
            "phone_number": body["phone_number"],
            "template_id": body["template_id"],
            "body": body["personalisation"]["message"],
            "status": "created",
        }
        self.notify.texts.append(text)
        if code == 0:
            self.notify.stopping.wait(30)
            return
        self.answer(201, {"id": text["id"], "reference": text["reference"], "content": {"body": text["body"]}})

    def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
        if not self.signed():
            return
        if "/template/" in self.path:
            self.show_template()
            return
        wanted = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        found = [text for text in self.notify.texts if text["reference"] == wanted]
        self.answer(200, {"notifications": found, "links": {"current": self.path}})

    def show_template(self) -> None:
        if not self.path.endswith(TEMPLATE):
            self.answer(404, {"status_code": 404, "errors": [{"error": "NoResultFound", "message": "No result found"}]})
            return
        self.answer(200, {"id": TEMPLATE, "type": "sms", "body": self.notify.template})

    def signed(self) -> bool:
        try:
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            claims = jwt.decode(given, SECRET, algorithms=["HS256"], options={"verify_iat": False})
            if claims["iss"] != SERVICE or abs(time.time() - claims["iat"]) > OLDEST_SECONDS:
                raise jwt.InvalidTokenError("another service, or an old call")
        except (jwt.InvalidTokenError, KeyError) as error:
            self.notify.refused_calls.append(str(error))
            self.refuse(403)
            return False
        return True

    def refuse(self, code: int) -> None:
        kind, words = ERRORS[code]
        self.answer(code, {"status_code": code, "errors": [{"error": kind, "message": words}]})


@contextmanager
def made_up_notify() -> Iterator[MadeUpNotify]:
    notify = MadeUpNotify()
    with answering(notify, type("OwnDoor", (Door,), {"notify": notify})):
        yield notify
