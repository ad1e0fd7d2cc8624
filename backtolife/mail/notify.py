"""Texts by GOV.UK Notify. Its template there holds one gap, `((message))`, so that the words stay ours."""

from collections.abc import Callable, Mapping
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from backtolife.config import Settings
from backtolife.mail.texts import TextRefused, TextsAway

ANSWER_SECONDS = 10
FAILED = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
NOT_A_NUMBER = "The text service does not take this number. Check it, or ask for another one."
NOT_ALLOWED = (
    "The text service does not let us send (code 403). Our key may have been withdrawn, or its service is still "
    "on trial. Ask whoever runs the system."
)
TRIAL = "The text service is still on trial and sends only to numbers of its own team."
NOT_TAKEN = "The text service does not take this message (code {code})."
WAITS = frozenset({408, 425, 429})
"""What says: later. So does everything from 500 on."""


class Notify:
    """Not for several threads at once. Its own checks of a number and of our key come back as errors."""

    def __init__(self, settings: Settings) -> None:
        self.template = settings.notify_template_id
        self.client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            settings.notify_api_key, base_url=settings.notify_url, timeout=ANSWER_SECONDS
        )

    def send(self, *, number: str, words: str, reference: str) -> str:
        answer = asked(
            lambda: self.client.send_sms_notification(
                phone_number=number,
                template_id=self.template,
                personalisation={"message": words},
                reference=reference,
            )
        )
        return str(answer["id"])

    def sent_before(self, reference: str) -> str:
        answer = asked(lambda: self.client.get_all_notifications(reference=reference))
        for each in answer.get("notifications", ()):
            if each.get("reference") == reference and each.get("status") not in FAILED:
                return str(each["id"])
        return ""

    def template_words(self) -> str:
        """The words of our template there; our key is looked at on the way."""
        return str(asked(lambda: self.client.get_template(self.template))["body"])


def asked(call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The answer to one call. Raises TextRefused for what stays refused, TextsAway for all that may pass."""
    try:
        return call()
    except APIError as error:
        code = error.status_code
        if code in WAITS or code >= 500 or code < 400:
            raise TextsAway(f"code {code}") from None
        raise TextRefused(words_for(code, str(error.message))) from None


def words_for(code: int, said: str) -> str:
    """Why, for staff. What Notify said may hold the number, so it is read and not passed on."""
    if code == 403:
        return NOT_ALLOWED
    if "team-only" in said or "trial" in said:
        return TRIAL
    if "phone_number" in said or "phone number" in said.lower():
        return NOT_A_NUMBER
    return NOT_TAKEN.format(code=code)
