"""The media suite with clients nobody chose: two older livekit-clients, and Debian's Firefox.

Every test here is one of the suite's own; only the people come from elsewhere.
"""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from uuid import uuid4

import pytest

from backtolife.sessions.media.settings import own_address
from tests.sessions.media.access.test_private_camera import (  # noqa: F401 - run here too
    test_camera_seen_by_the_facilitator_only_whatever_a_patient_does,
    test_the_ceiling_moves_live_and_only_by_the_server,
    test_to_a_patient_a_private_camera_looks_the_same_as_none,
)
from tests.sessions.media.rooms.test_coming_back import (  # noqa: F401 - run here too
    test_a_resume_keeps_the_session_and_the_media,
    test_camera_that_comes_back_after_a_drop,
    test_people_come_back_by_themselves_after_the_engine_was_killed,
    test_someone_whose_connection_breaks_stays_for_the_grace_period_and_then_leaves,
    test_the_same_identity_elsewhere_sends_the_first_away,
)
from tests.sessions.media.rooms.test_four_people import (  # noqa: F401 - run here too
    test_twelve_ordered_pairs_see_and_hear_each_other_without_a_lost_packet,
)
from tests.sessions.media.rooms.test_simulcast import (  # noqa: F401 - run here too
    test_a_camera_that_is_switched_off_and_on_comes_back,
    test_a_hidden_picture_is_not_sent_and_comes_back,
    test_viewers_get_the_size_they_show_and_change_without_losing_a_packet,
)
from tests.sessions.media.server.test_roomservice import (  # noqa: F401 - run here too
    pair,
    service,
    test_a_muted_microphone_is_silent_until_its_owner_speaks_again,
    test_a_removed_person_is_gone_within_the_call_and_stays_out,
    test_a_revoked_microphone_is_cut_off_and_can_be_given_back,
    test_rooms_and_people_are_listed,
    test_rooms_are_created_changed_and_deleted,
    test_subscriptions_and_messages_are_the_servers_to_give,
)
from tests.support.media.browser import Browsers, browsers, page_server
from tests.support.media.engine import RunningEngine, running_engine
from tests.support.media.firefox import firefox_page
from tests.support.media.older_clients import OLDER, library

pytestmark = [pytest.mark.media, pytest.mark.browser, pytest.mark.timeout(300)]
FIREFOX = "firefox"


@pytest.fixture(scope="module")
def media_engine() -> Iterator[RunningEngine]:
    """Firefox sends nothing from a loopback address: the engine's media leaves from our outward one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MEDIA_UDP_ADDRESS", own_address("0.0.0.0"))  # noqa: S104 - asked, not bound
        with running_engine(grace=3) as engine:
            yield engine


@pytest.fixture
def room_name() -> str:
    """A room that no other test uses."""
    return f"room-{uuid4().hex[:8]}"


@pytest.fixture(params=[*OLDER, FIREFOX])
async def people(request: pytest.FixtureRequest, media_engine: RunningEngine) -> AsyncIterator[Browsers]:
    if request.param == FIREFOX:
        async with page_server() as base:
            opened = Browsers(media_engine, partial(firefox_page, base))
            try:
                yield opened
            finally:
                await opened.close()
    else:
        async with browsers(media_engine, library(request.param)) as opened:
            yield opened
