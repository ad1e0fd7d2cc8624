"""A media address is good for one person, one package and twelve hours, also after the keys were rotated."""

from datetime import datetime, timedelta

import pytest

from backtolife.content.watching.media_link import LIFE, MediaLink, read, sign
from backtolife.errors import NotFound

LINK = MediaLink("service", "person", "package")
OLD, NEW = "an-old-secret", "a-new-secret"


def test_a_link_is_read_back_until_it_is_twelve_hours_old(now: datetime) -> None:
    token = sign(LINK, keys=(NEW,), now=now)
    assert read(token, keys=(NEW,), now=now + LIFE - timedelta(seconds=1)) == LINK
    with pytest.raises(NotFound) as refused:
        read(token, keys=(NEW,), now=now + LIFE)
    assert "Load it again" in refused.value.message


def test_a_link_outlives_the_rotation_of_keys_but_not_the_old_key(now: datetime) -> None:
    before = sign(LINK, keys=(OLD,), now=now)
    assert read(before, keys=(NEW, OLD), now=now) == LINK
    assert sign(LINK, keys=(NEW, OLD), now=now) == sign(LINK, keys=(NEW,), now=now)
    with pytest.raises(NotFound):
        read(before, keys=(NEW,), now=now)


@pytest.mark.parametrize("token", ["", ".", "a.b.c.d", "a.b.c.99999999999.sig", "\x00", "é.é"])
def test_what_we_did_not_sign_is_nothing(now: datetime, token: str) -> None:
    with pytest.raises(NotFound):
        read(token, keys=(NEW,), now=now)
