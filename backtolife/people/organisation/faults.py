"""What can be wrong with a sign-in at the organisation. `why` is for the security log, the message for the person."""

from backtolife.errors import BacktolifeError, Invalid


class NotAnswered(BacktolifeError):
    """The provider is down, or answers what is no answer: nobody's sign-in is decided by it."""

    status = 503

    def __init__(self, why: str) -> None:
        super().__init__("The sign-in page of your organisation does not answer just now. Try again in a few minutes.")
        self.why = why


class NotLetIn(Invalid):
    """The provider, or what it said, lets nobody in. `account` says at whose address, where that is known."""

    def __init__(self, why: str, message: str, account: str = "") -> None:
        super().__init__(message)
        self.why, self.account = why, account


class Refused(NotLetIn):
    """The provider itself said no: to what we brought from its page, or to somebody who was in."""

    def __init__(self, why: str) -> None:
        super().__init__(why, "Your organisation did not let you in. Try once more, or ask its help desk.")


class TokenWrong(NotLetIn):
    """What came is not signed by the provider, not for us, not new, or not the answer to what we asked."""

    def __init__(self, why: str) -> None:
        super().__init__(why, "What your organisation sent did not fit, so we let nobody in. Please try once more.")


class Stale(NotLetIn):
    """An answer to nothing that this browser asked, or the second to one question."""

    def __init__(self, why: str) -> None:
        super().__init__(why, "That took too long, or was sent twice. Please try once more.")
