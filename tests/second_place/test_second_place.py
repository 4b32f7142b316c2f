"""The second place: tried for real before it counts, a folder or a bucket; and the key that leaves the machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from tests.backups.conftest import bucket, store  # noqa: F401 - fixtures
from tests.conftest import only_on
from university.chains.ledger import open_ledger
from university.database import Database
from university.keys.day_keys import open_day_keys
from university.models import AuditEntry
from university.places import open_place
from university.setting_up import kept_settings
from university.setting_up.setup_pages import HERE
from university.settings import Settings, read_settings

pytestmark = only_on("sqlite")
EMPTY = dict.fromkeys(("folder", "bucket", "prefix", "endpoint", "region", "bucket_id", "bucket_secret"), "")


@pytest.fixture(autouse=True)
def _owner(olga: crew.Here) -> None:
    """Every test here is Olga's."""


def sent(client: TestClient, **typed: str) -> str:
    """Nothing once it is kept, else the sentence beside the field."""
    answer = client.post(f"{HERE}/backups", data={**EMPTY, **typed})
    return "" if answer.status_code == 303 else answer.text.partition('-error">')[2].partition("</p>")[0]


def test_a_folder_is_kept_once_it_was_written_to_and_left_clean(
    client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    assert sent(client, kind="folder", folder=str(folder)) == ""
    chosen = kept_settings.coming(settings)
    assert (chosen.backup_copy, chosen.ledger_copy) == (f"{folder}/backups", f"{folder}/ledger")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    page = client.get(f"{HERE}/backups").text
    assert f'value="{folder}"' in page
    assert "on the same disk" in page
    assert sent(client, kind="none") == ""
    assert kept_settings.coming(settings).backup_copy == ""


def test_a_folder_that_would_not_help_is_refused(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder, words in (
        ("elsewhere", "from / on"),
        (str(settings.data / "backups"), "inside of the data folder"),
        (str(tmp_path / "file"), "Nothing can be written there"),
    ):
        assert words in sent(client, kind="folder", folder=folder), folder
    assert not kept_settings.is_waiting(settings)


def test_the_ledger_of_another_installation_is_never_taken_for_ours(
    client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    """It would stop the next start: so it is found before it is kept."""
    other = read_settings({"UNIVERSITY_DATA": str(tmp_path / "other")})
    open_ledger(other).append("unsubscribe", person="0" * 32, topic="newsletter")
    shutil.copytree(other.data / "ledger", tmp_path / "elsewhere" / "ledger")
    assert "Another ledger lies there" in sent(client, kind="folder", folder=str(tmp_path / "elsewhere"))
    assert not kept_settings.is_waiting(settings)


def test_a_bucket_is_written_to_with_the_key_that_was_typed_and_its_secret_is_never_shown(
    client: TestClient,
    settings: Settings,
    bucket: str,  # noqa: F811
) -> None:
    parts = urlsplit(bucket)
    typed = {
        **{"kind": "bucket", "bucket": parts.netloc, "prefix": "/one/", "region": "eu-west-1"},
        **{"endpoint": parts.query.partition("=")[2], "bucket_id": "KEY", "bucket_secret": "s3/cret+"},
    }
    assert sent(client, **typed) == ""
    chosen = kept_settings.coming(settings)
    assert chosen.backup_copy.startswith(f"s3://KEY:s3%2Fcret%2B@{parts.netloc}/one/backups?endpoint=http://")
    place = open_place(chosen.backup_copy)
    assert place is not None
    assert place.names() == []
    page = client.get(f"{HERE}/backups").text
    assert 'value="KEY"' in page
    assert "cret" not in page.replace("Secret", "").replace("secret", "")
    assert sent(client, **{**typed, "bucket_secret": ""}) == ""
    assert "s3%2Fcret" in kept_settings.coming(settings).backup_copy, "empty means: the one that is kept"


def test_a_bucket_that_is_not_there_or_wrongly_typed_is_refused(
    client: TestClient,
    settings: Settings,
    store: str,  # noqa: F811
) -> None:
    for changes, words in (
        ({"bucket": "nobodys-bucket", "endpoint": store}, "NoSuchBucket"),
        ({"bucket": "B"}, "at least three"),
        ({"bucket": "backups", "endpoint": "s3.example.org"}, "with https://"),
        ({"bucket": "backups", "endpoint": "http://s3.example.org"}, "with https://"),
        ({"bucket": "backups", "bucket_secret": "x"}, "needs its key ID"),
    ):
        assert words in sent(client, kind="bucket", **changes), changes
    both = client.post(f"{HERE}/backups", data={**EMPTY, "kind": "bucket", "bucket": "B", "endpoint": "nowhere"}).text
    assert "Name of the bucket: Small letters" in both
    assert "Address of the store: The whole address" in both, "everything that is wrong, at once"
    assert not kept_settings.is_waiting(settings)


def test_the_recovery_key_leaves_only_when_it_was_typed_and_two_people_have_it(
    client: TestClient, settings: Settings, database: Database
) -> None:
    keys = open_day_keys(settings)
    keys.make_recovery_key()
    shown = client.post(f"{HERE}/recovery-key")
    assert shown.headers["cache-control"] == "no-store"
    key = "-".join(shown.text.partition('translate="no">')[2].split("<span>")[n][:4] for n in range(1, 15))
    wrong = key[:-1] + ("X" if key[-1] != "X" else "Y")
    for typed in ({"recovery_key": key}, {"two": "yes", "recovery_key": wrong}, {"two": "yes"}):
        answer = client.post(f"{HERE}/recovery-key/kept", data=typed)
        assert answer.status_code == 422
        assert key not in answer.text
    assert not keys.is_recovery_key_kept_elsewhere()
    assert client.post(f"{HERE}/recovery-key/kept", data={"two": "yes", "recovery_key": key}).status_code == 303
    assert keys.is_recovery_key_kept_elsewhere()
    assert client.post(f"{HERE}/recovery-key").status_code == 409
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions[-2:] == ["show_recovery_key", "keep_recovery_key"]
