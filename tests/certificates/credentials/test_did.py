"""Who the issuer is for machines."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from certificates import PublicKeys, did_document, did_key, did_web, issuer_did
from tests.certificates.badges import DID, KEY, KEYS, key_from, keys_with, vector
from tests.certificates.conftest import ISSUED

NEXT = key_from(bytes(range(1, 33)), "credential-2")


def test_c10_the_did_document_is_the_other_programs() -> None:
    assert json.dumps(did_document(KEYS), indent=1) == vector("did.json")


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://learn.example.org", DID),
        ("https://learn.example.org/", DID),
        ("https://Learn.Example.ORG", DID),
        ("https://localhost:8443", "did:web:localhost%3A8443"),
        ("https://example.org/learn/here", "did:web:example.org:learn:here"),
    ],
)
def test_an_https_address_is_a_did_web(address: str, did: str) -> None:
    assert did_web(address) == issuer_did(address, KEY.multikey) == did


def test_a_development_machine_is_its_key() -> None:
    assert issuer_did("http://localhost:8000", KEY.multikey) == did_key(KEY.multikey) == f"did:key:{KEY.multikey}"


def test_the_document_of_a_did_key_names_that_key_alone() -> None:
    did = did_key(NEXT.multikey)
    document = did_document(keys_with(KEY, NEXT, did=did))
    assert document["assertionMethod"] == [f"{did}#{NEXT.multikey}"]
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == [NEXT.multikey]


def test_retired_keys_stay_and_compromised_ones_go() -> None:
    retired, compromised = keys_with(KEY, retired_at=ISSUED), keys_with(KEY, NEXT, compromised_at=ISSUED)
    assert did_document(retired)["assertionMethod"] == [f"{DID}#credential-1"]
    assert did_document(compromised)["assertionMethod"] == []
    assert did_document(compromised)["verificationMethod"] == []


def test_four_keys_are_far_below_the_limit_of_resolvers() -> None:
    keys = [key_from(bytes([seed] * 32), f"credential-{seed}") for seed in range(1, 5)]
    document = did_document(keys_with(*keys))
    assert document["assertionMethod"] == [f"{DID}#credential-{number}" for number in range(1, 5)]
    assert len(json.dumps(document)) < 2048


def test_keys_that_sign_files_are_not_in_the_document(keys: PublicKeys) -> None:
    both = replace(KEYS, keys=(*keys.keys, *KEYS.keys))
    assert did_document(both) == did_document(KEYS)


def test_an_issuer_without_a_did_has_no_document(keys: PublicKeys) -> None:
    with pytest.raises(ValueError, match="without a DID"):
        did_document(keys)
