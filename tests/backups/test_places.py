"""A folder and a bucket behave alike as a second place."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from university.places import Place, open_place
from university.settings import SettingsError, read_settings


@pytest.fixture
def place(second_place: str) -> Place:
    found = open_place(second_place)
    assert found is not None
    return found


def test_what_is_put_there_can_be_read_listed_and_deleted(place: Place, tmp_path: Path) -> None:
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(b"large" * 100_000)
    place.write("b", b"small")
    place.write("names/a", b"smaller")
    place.put("c", source)
    assert place.names() == ["b", "c", "names/a"]
    assert (place.read("b"), place.read("none")) == (b"small", None)
    assert place.fetch("c", back)
    assert back.read_bytes() == source.read_bytes()
    assert not place.fetch("none", back)
    for name in ("b", "c", "none", "names/a"):
        place.delete(name)
    assert place.names() == []
    assert place.keeps_longer_than(21) is None


def test_a_bucket_that_keeps_versions_keeps_none_of_what_we_delete(bucket: str, store: str) -> None:
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1")
    name = urlsplit(bucket).netloc
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    place = open_place(bucket)
    assert place is not None
    place.write("a", b"one")
    place.write("a", b"two")
    place.delete("a")
    found = client.list_object_versions(Bucket=name)
    assert "Versions" not in found
    assert "DeleteMarkers" not in found


def test_a_bucket_that_locks_objects_too_long_is_told(store: str) -> None:
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1")
    client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    place = open_place(f"s3://locked?endpoint={store}")
    assert place is not None
    assert place.keeps_longer_than(20) is None
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
    client.put_object_lock_configuration(
        Bucket="locked", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    assert "30 days" in str(place.keeps_longer_than(20))


def test_a_silent_store_is_an_oserror_without_a_word_of_ours() -> None:
    place = open_place("s3://bucket/private?endpoint=http://127.0.0.1:9")
    assert place is not None
    with pytest.raises(OSError, match="does not answer") as caught:
        place.names()
    assert "private" not in str(caught.value)


def test_an_address_that_is_no_place_stops_the_start() -> None:
    for address in (
        "ftp://example.org/x",
        "s3://",
        "s3://b?endpoint=nonsense",
        "s3://b?endpoint=http://s3.example.org",
    ):
        with pytest.raises(SettingsError, match="BACKUP_COPY"):
            read_settings({"UNIVERSITY_BACKUP_COPY": address})
