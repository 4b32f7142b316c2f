"""A bucket of an S3-compatible store as a place for copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

T = TypeVar("T")

MISSING = {"404", "NoSuchKey", "NotFound"}
# What a store says when a bucket has no such thing as a lock or a policy, or the store knows no such thing at all.
NOT_SET = {
    "ObjectLockConfigurationNotFoundError",
    "NoSuchObjectLockConfiguration",
    "NotImplemented",
    "MethodNotAllowed",
}
CONFIG = Config(
    connect_timeout=10,
    read_timeout=60,
    retries={"max_attempts": 3, "mode": "standard"},
    s3={"addressing_style": "path"},
    # Newer checksums are unknown to many stores that speak S3.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class Bucket:
    """Objects below one prefix. `address` is ``s3://id:secret@bucket/prefix?endpoint=…&region=…``; without id and
    secret, they are found where the tools of the store keep them."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.bucket = parts.netloc.rpartition("@")[2]
        who = [unquote(text) if text else None for text in (parts.username, parts.password)]
        self.prefix = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
        self._client: Any = boto3.session.Session(*who).client(
            "s3", endpoint_url=asked.get("endpoint"), region_name=asked.get("region", "us-east-1"), config=CONFIG
        )

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def write(self, name: str, content: bytes) -> None:
        with _answering():
            self._client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content)

    def put(self, name: str, source: Path) -> None:
        with _answering():
            self._client.upload_file(str(source), self.bucket, self.prefix + name)
            found = self._client.head_object(Bucket=self.bucket, Key=self.prefix + name)
        if found["ContentLength"] != source.stat().st_size:
            raise OSError("the store kept another number of bytes")

    def read(self, name: str) -> bytes | None:
        def get() -> bytes:
            return bytes(self._client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read())

        return _unless_missing(get)

    def fetch(self, name: str, target: Path) -> bool:
        def download() -> bool:
            self._client.download_file(self.bucket, self.prefix + name, str(target))
            return True

        return _unless_missing(download) or False

    def names(self) -> list[str]:
        with _answering():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return sorted(key.removeprefix(self.prefix) for key in keys)

    def delete(self, name: str) -> None:
        """Where the store keeps versions, a plain deletion would only hide the object."""
        key = self.prefix + name
        with _answering():
            found = self._client.list_object_versions(Bucket=self.bucket, Prefix=key)
            for version in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
                if version["Key"] == key:
                    self._client.delete_object(Bucket=self.bucket, Key=key, VersionId=version["VersionId"])

    def forget_halves(self, folder: str) -> None:
        """The store shows an object as a whole or not at all."""

    def keeps_longer_than(self, days: int) -> str | None:
        """A lock of the bucket forbids everybody, us too, to delete before its time."""
        try:
            with _answering():
                found = self._client.get_object_lock_configuration(Bucket=self.bucket)
        except NotSet:
            return None
        kept = found.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention", {})
        locked = int(kept.get("Days", 0)) + 365 * int(kept.get("Years", 0))
        return f"{self} locks every object for {locked} days, longer than {days}" if locked > days else None


class Missing(OSError):
    """There is no such object."""


class NotSet(OSError):
    """The bucket has no such configuration."""


@contextmanager
def _answering() -> Iterator[None]:
    """Turns the store's errors into OSError, without their text: it may quote what was sent."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        kind = Missing if code in MISSING else NotSet if code in NOT_SET else OSError
        raise kind(f"the store answers {code}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"the store does not answer: {type(error).__name__}") from error


def _unless_missing(get: Callable[[], T]) -> T | None:
    try:
        with _answering():
            return get()
    except Missing:
        return None
