"""Settings of a bucket: taken whole, or refused in words that name the variable."""

import pytest

from backtolife.content.storage.settings import read
from backtolife.errors import Invalid

WHOLE = {"VIDEOS_BUCKET": "videos", "VIDEOS_S3_KEY_ID": "id", "VIDEOS_S3_SECRET": "a secret"}


def test_without_a_bucket_videos_are_on_the_disk() -> None:
    assert read({}) is None


def test_the_secret_is_in_no_text_about_the_settings() -> None:
    found = read({**WHOLE, "VIDEOS_S3_PREFIX": "/ours/"})
    assert found is not None
    assert (found.prefix, found.keeps, found.endpoint) == ("ours/", True, "")
    assert "a secret" not in repr(found)


def test_while_videos_move_back_the_bucket_is_only_looked_into() -> None:
    found = read({**WHOLE, "VIDEOS_IN": "disk"})
    assert found is not None
    assert not found.keeps


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"VIDEOS_S3_SECRET": ""}, "VIDEOS_S3_SECRET"),
        ({"VIDEOS_BUCKET": "", "VIDEOS_IN": "bucket"}, "VIDEOS_BUCKET"),
        ({"VIDEOS_IN": "cloud"}, "VIDEOS_IN"),
        ({"VIDEOS_S3_ENDPOINT": "http://store.example.org"}, "VIDEOS_S3_ENDPOINT"),
        ({"VIDEOS_S3_ENDPOINT": "https://me:secret@store.example.org"}, "VIDEOS_S3_ENDPOINT"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed: dict[str, str], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read({**WHOLE, **changed})


def test_a_store_on_this_machine_needs_no_tls() -> None:
    assert read({**WHOLE, "VIDEOS_S3_ENDPOINT": "http://127.0.0.1:9000"}) is not None
