"""What a browser says about our policy is noted by rule and kind of page, never by address."""

from __future__ import annotations

import json
import re

import pytest
from litestar.testing import TestClient

HERE = "/policy-reports"
AS_BROWSERS_DO = {"content-type": "application/reports+json", "sec-fetch-site": "same-origin"}
RANDOM = re.compile(r'"request": "[0-9a-f]+"')  # may happen to hold any name of these letters
SECRET = "http://127.0.0.1:8000/claims/confirm/unc_secret?email=ada@example.org"


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def test_a_report_becomes_a_line_of_words_from_closed_lists(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"documentURL": SECRET, "blockedURL": "inline", "effectiveDirective": "script-src-elem", "sample": "ada()"}
    reports = [
        *[{"type": "csp-violation", "url": SECRET, "body": broken}] * 3,
        {"type": "csp-violation", "body": {"documentURL": "http://[ada", "effectiveDirective": ["ada"]}},
        "ada",
    ]
    answer = client.post(HERE, content=json.dumps(reports), headers=AS_BROWSERS_DO)
    assert (answer.status_code, answer.content) == (204, b"")
    said = [record.getMessage() for record in caplog.records if record.name == "university.policy"]
    assert [(line["rule"], line["page"]) for line in map(json.loads, said)] == [
        ("-", "-"),
        ("script-src-elem", "claims"),
    ]
    lines = [RANDOM.sub("", line) for line in caplog.messages]
    assert not [line for line in lines if "ada" in line or "unc_" in line]


@pytest.mark.parametrize("body", ["", "{", "{}", "[" * 60_000, "\x00"], ids=len)
def test_what_is_no_report_is_a_bad_request(client: TestClient, body: str) -> None:
    assert client.post(HERE, content=body, headers=AS_BROWSERS_DO).status_code == 400


def test_a_report_of_a_megabyte_is_too_large(client: TestClient) -> None:
    assert client.post(HERE, content="[" + " " * 1_000_000 + "]", headers=AS_BROWSERS_DO).status_code == 413
