"""The published list of keys."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certificates import Issuer, PublicAuthority, PublicKey, PublicKeys, make_authority
from tests.certificates.conftest import FOUNDED, make_issuer, public_keys

RETIRED = datetime(2027, 11, 1, 8, tzinfo=UTC)


def full_list(issuer: Issuer) -> PublicKeys:
    root = make_authority("Example University", FOUNDED)
    credential = PublicKey("credential-1", "credential", FOUNDED, multibase="z6MkExample")
    return replace(
        public_keys(issuer, retired_at=RETIRED),
        keys=(*public_keys(issuer, retired_at=RETIRED).keys, credential),
        authorities=(PublicAuthority("ca-2026", root.certificate.decode()),),
        did="did:web:learn.example.org",
    )


def test_the_list_comes_back_from_its_json(issuer: Issuer) -> None:
    keys = full_list(issuer)
    assert PublicKeys.from_json(json.loads(json.dumps(keys.to_json()))) == keys


def test_the_list_has_the_published_form(issuer: Issuer) -> None:
    document = full_list(issuer).to_json()
    certificate = x509.load_pem_x509_certificate(issuer.certificate.encode())
    assert document["issuer"] == {
        "name": "Example University",
        "url": "https://learn.example.org",
        "did": "did:web:learn.example.org",
    }
    assert document["keys"] == [
        {
            "id": "cert-2026",
            "use": "pdf",
            "certificate": issuer.certificate,
            "sha256": hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
            "valid_from": "2026-11-01T00:00:00Z",
            "retired_at": "2027-11-01T08:00:00Z",
            "compromised_at": None,
        },
        {
            "id": "credential-1",
            "use": "credential",
            "multibase": "z6MkExample",
            "valid_from": "2026-11-01T00:00:00Z",
            "retired_at": None,
            "compromised_at": None,
        },
    ]
    assert [sorted(root) for root in document["authorities"]] == [["certificate", "id", "sha256"]]
    assert "PRIVATE" not in json.dumps(document)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"issuer": {}}, {"issuer": {"name": "x", "url": "y"}}, {"issuer": 1, "keys": [1]}, "text", 5],
)
def test_what_is_no_list_is_refused_with_a_sentence(document: Any) -> None:
    with pytest.raises(ValueError, match="is missing or of another kind"):
        PublicKeys.from_json(document)


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("sha256", "00" * 32, "digest"),
        ("certificate", "no certificate", "PEM"),
        ("certificate", None, "no certificate"),
        ("valid_from", "2026-11-01T00:00:00", "time zone"),
        ("valid_from", "yesterday", "isoformat"),
        ("valid_from", None, "first moment"),
    ],
)
def test_a_damaged_entry_is_refused(member: str, value: str | None, reason: str, issuer: Issuer) -> None:
    document = public_keys(issuer).to_json()
    document["keys"][0][member] = value
    with pytest.raises(ValueError, match=reason):
        PublicKeys.from_json(document)


def test_a_key_is_in_use_from_its_first_moment_to_its_last() -> None:
    key = replace(public_keys(make_issuer()).keys[0], retired_at=RETIRED)
    second = timedelta(seconds=1)
    assert [key.was_in_use_at(moment) for moment in (FOUNDED - second, FOUNDED, RETIRED, RETIRED + second)] == [
        False,
        True,
        True,
        False,
    ]
