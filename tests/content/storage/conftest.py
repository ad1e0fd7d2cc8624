"""A store that speaks S3, in this process, and a service whose videos are kept in it."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from flask import Flask
from moto import mock_aws

from backtolife.content.storage.storage import opened
from tests.support.content.house import House, open_house

BUCKET = "videos-of-a-clinic"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket is there, and the settings name it."""
    opened.cache_clear()
    for name, value in (("BUCKET", BUCKET), ("S3_KEY_ID", "a-key"), ("S3_SECRET", "a-secret"), ("S3_PREFIX", "ours")):
        monkeypatch.setenv(f"VIDEOS_{name}", value)
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-2")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield client
    opened.cache_clear()


@pytest.fixture
def house(store: Any, app: Flask) -> House:
    del store
    return open_house(app)


def kept(store: Any) -> set[str]:
    return {each["Key"] for each in store.list_objects_v2(Bucket=BUCKET).get("Contents", ())}
