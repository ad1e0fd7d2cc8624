"""The bucket of videos: well, closed to us, and settings that do not fit."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from backtolife.content.storage.bucket import Bucket, OutOfReach
from backtolife.content.storage.storage import opened
from tests.doctor.conftest import Doctor

OURS = {"VIDEOS_BUCKET": "looked-at", "VIDEOS_S3_KEY_ID": "a-key", "VIDEOS_S3_SECRET": "a-secret"}


@pytest.fixture
def store() -> Iterator[Any]:
    opened.cache_clear()
    with mock_aws():
        yield boto3.client("s3", region_name="eu-west-2")
    opened.cache_clear()


def test_a_bucket_is_tried_and_what_is_wrong_is_said(
    doctor: Doctor, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
    assert "videos" not in doctor().lines
    state, words = doctor(**OURS)["videos"]
    assert (state, "NoSuchBucket" in words, "PutObject" in words) == ("wrong", True, True)
    store.create_bucket(Bucket="looked-at", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    assert doctor()["videos"][0] == "ok"
    assert store.list_objects_v2(Bucket="looked-at")["KeyCount"] == 0
    state, words = doctor(VIDEOS_IN="disk")["videos"]
    assert (state, "videos move" in words) == ("warn", True)
    doctor(VIDEOS_IN="bucket")

    def gone(*_: object) -> None:
        raise OutOfReach("the store does not answer")

    monkeypatch.setattr(Bucket, "put", gone)
    state, words = doctor()["videos"]
    assert (state, "does not answer" in words) == ("wrong", True)
    assert doctor(VIDEOS_S3_SECRET="")["videos"][0] == "wrong"
