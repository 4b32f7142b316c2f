"""What programs look for by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from litestar.testing import TestClient

from certificates import PublicKeys, verify
from tests.verify.conftest import Standings, standings
from university import clock

__all__ = ["standings"]


@pytest.fixture
def engine_name() -> str:
    """Nothing here asks the database."""
    return "sqlite"


def test_the_public_keys_check_what_we_issue(client: TestClient, standings: Standings) -> None:
    answer = client.get("/.well-known/certificate-keys.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "PRIVATE" not in answer.text
    keys = PublicKeys.from_json(answer.json())
    assert keys.issuer_url == "http://127.0.0.1:8000"
    assert verify(client.get(f"/verify/{standings.valid}.pdf").content, keys).word == "untouched"


def test_the_security_contact_is_current(client: TestClient) -> None:
    """RFC 9116: a contact, and a last day less than a year away."""
    fields = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())
    assert fields["Contact"] == "mailto:privacy@selfguide.com"
    assert fields["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    ahead = datetime.fromisoformat(fields["Expires"]) - clock.now()
    assert timedelta(days=90) < ahead < timedelta(days=365)


def test_robots_may_fetch_certificate_pages_for_previews(client: TestClient) -> None:
    robots = client.get("/robots.txt").text
    assert "/verify" not in robots
    assert "Disallow: /privacy/my-data" in robots
    assert client.get("/favicon.ico").headers["location"].endswith("favicon.svg")


def test_whoever_has_it_already_is_not_sent_it_again(client: TestClient, standings: Standings) -> None:
    names = ("certificate-keys.json", "did.json", "security.txt")
    for address in (*(f"/.well-known/{name}" for name in names), "/robots.txt", f"/verify/{standings.valid}.svg"):
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b""), address
        assert first.headers["cache-control"] == "no-cache", address
