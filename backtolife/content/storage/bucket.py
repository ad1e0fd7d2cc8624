"""A bucket of an S3-compatible store. Loaded late: `boto3` is in the extra `s3`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from backtolife.content.storage.settings import BucketSettings
from backtolife.errors import BacktolifeError

CONNECT_SECONDS, READ_SECONDS = 3, 20
AT_ONCE = 64
PIECE = 256 * 1024
NONE = frozenset({"404", "NoSuchKey", "NotFound"})


class OutOfReach(BacktolifeError):
    """The store does not answer, or lets us do nothing. `why` is for whoever looks after the machine."""

    status = 503

    def __init__(self, why: str) -> None:
        super().__init__("We cannot get to the videos just now. Please try again in a few minutes.")
        self.why = why


@dataclass(frozen=True)
class Opened:
    """A file, or a part of it, as it comes: its HTTP status, the headers that belong to it, its bytes."""

    status: int
    headers: dict[str, str]
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class Bucket:
    """Our part of a bucket. Every method raises OutOfReach when the store does not answer."""

    settings: BucketSettings

    @cached_property
    def client(self) -> Any:
        import boto3  # noqa: PLC0415 - an optional extra, and slow to import
        from botocore.config import Config  # noqa: PLC0415

        told = self.settings
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=AT_ONCE,
            retries={"total_max_attempts": 3, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        keys = {"aws_access_key_id": told.key_id, "aws_secret_access_key": told.secret} if told.key_id else {}
        session = boto3.session.Session()
        return session.client("s3", endpoint_url=told.endpoint or None, region_name=told.region, config=config, **keys)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """What the store says no to, in words for a person; they name no key."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            yield
        except ClientError as error:
            raise OutOfReach(f"the store refuses with {error.response['Error'].get('Code', 'no code')}") from None
        except (BotoCoreError, Boto3Error) as error:
            if isinstance(said := error.__context__, ClientError):  # an upload wraps what the store said
                raise OutOfReach(f"the store refuses with {said.response['Error'].get('Code', 'no code')}") from None
            raise OutOfReach(f"the store does not answer ({type(error).__name__})") from None

    def size(self, key: str) -> int | None:
        """How many bytes a file has; None when there is none."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        with self.asked():
            try:
                return int(self.client.head_object(Bucket=self.settings.name, Key=self.at(key))["ContentLength"])
            except ClientError as error:
                if error.response["Error"].get("Code") in NONE:
                    return None
                raise

    def sizes(self, prefix: str) -> dict[str, int]:
        """The files below `prefix`, with their bytes."""
        with self.asked():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.settings.name, Prefix=self.at(prefix)
            )
            begin = len(self.settings.prefix)
            return {each["Key"][begin:]: int(each["Size"]) for page in pages for each in page.get("Contents", ())}

    def put(self, path: Path, key: str, content_type: str) -> None:
        with self.asked():
            extra = {"ContentType": content_type}
            self.client.upload_file(str(path), self.settings.name, self.at(key), ExtraArgs=extra)

    def get(self, key: str, path: Path) -> None:
        """Bring a file; whoever looks meanwhile sees it whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.coming")
        try:
            with self.asked():
                self.client.download_file(self.settings.name, self.at(key), str(part))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def open(self, key: str, *, asks: str = "", known: str = "") -> Opened | None:
        """A file for whoever watches; None when there is none.

        `asks` is a Range header, `known` an If-None-Match header, both as the browser sent them.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415

        wanted = {"Range": asks} if asks else {}
        wanted |= {"IfNoneMatch": known} if known else {}
        with self.asked():
            try:
                found = self.client.get_object(Bucket=self.settings.name, Key=self.at(key), **wanted)
            except ClientError as error:
                status = int(error.response["ResponseMetadata"].get("HTTPStatusCode", 500))
                if status in (304, 416):
                    return Opened(status, {}, iter(()))
                if error.response["Error"].get("Code") in NONE:
                    return None
                raise
        headers = {"Content-Length": str(found["ContentLength"]), "ETag": found["ETag"], "Accept-Ranges": "bytes"}
        if "ContentRange" in found:
            headers["Content-Range"] = found["ContentRange"]
        status = int(found["ResponseMetadata"]["HTTPStatusCode"])
        return Opened(status, headers, found["Body"].iter_chunks(PIECE))

    def remove(self, key: str) -> None:
        with self.asked():
            self.client.delete_object(Bucket=self.settings.name, Key=self.at(key))

    def at(self, key: str) -> str:
        return f"{self.settings.prefix}{key}"
