"""The frozen facts and their record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from certificates import Certificate, Holder
from tests.certificates.conftest import ISSUED, make_certificate


def test_the_record_and_the_two_names_give_the_certificate_back() -> None:
    full = replace(
        make_certificate(ects=1.5, eqf=6),
        holder=Holder("小龍", "李", family_first=True, name_language="zh"),
        expires_on=date(2028, 11, 30),
        version=2,
        version_at=datetime(2027, 1, 5, 8, tzinfo=UTC),
    )
    for certificate in (full, make_certificate(hours=None, level=None, pass_mark=None, outcomes=(), skills=())):
        record = json.loads(json.dumps(certificate.record()))
        names = (certificate.holder.first_name, certificate.holder.last_name)
        assert Certificate.from_record(record, *names) == certificate


def test_the_record_keeps_no_name_of_the_holder() -> None:
    record = json.dumps(make_certificate("Ada", "Lovelace").record())
    assert "Ada" not in record
    assert "Lovelace" not in record


def test_days_are_days_in_utc() -> None:
    late = datetime(2026, 11, 14, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert replace(make_certificate(), issued_at=late).issued_on == date(2026, 11, 15)


def test_a_later_version_has_a_moment_of_its_own() -> None:
    corrected = datetime(2027, 1, 5, 8, 0, 0, 999, tzinfo=UTC)
    assert make_certificate().present_since == ISSUED
    assert replace(make_certificate(), version=2, version_at=corrected).present_since == corrected.replace(
        microsecond=0
    )


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(make_certificate(), issued_at=ISSUED.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("base", "short"),
    [
        ("https://learn.example.org", "HTTPS://LEARN.EXAMPLE.ORG/V/7KQ2-9FXD-M4TB-W8HC"),
        ("http://127.0.0.1:8000/", "HTTP://127.0.0.1:8000/V/7KQ2-9FXD-M4TB-W8HC"),
        ("https://example.org/learn/", "https://example.org/learn/V/7KQ2-9FXD-M4TB-W8HC"),
    ],
)
def test_the_qr_address_is_upper_case_unless_a_path_would_suffer(base: str, short: str) -> None:
    certificate = make_certificate()
    assert replace(certificate, issuer=replace(certificate.issuer, url=base)).short_address == short


def test_the_family_name_stands_first_where_the_holder_writes_it_so() -> None:
    assert Holder("小龍", "李", family_first=True).full_name == "李小龍"
    assert Holder("Ada", "").full_name == "Ada"
