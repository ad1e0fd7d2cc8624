"""Which messages with a link or a code should still go."""

from collections.abc import Iterator, Sequence

from backtolife.people.models import SignInLink
from backtolife.reminders.checks.looking import Asked, Look


def links(look: Look, asked: Sequence[Asked]) -> Iterator[Asked]:
    """Not once it opens nothing any more: whoever pressed it would think that something is broken."""
    found = look.rows(SignInLink, [each.ids[0] for each in asked])
    for each in asked:
        link = found.get(each.ids[0])
        if link is not None and link.spent_at is None and look.now < link.expires_at:
            yield each
