"""Proofs: the bytes that other programs make, and nothing signed that a reader would not see."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyld.jsonld import JsonLdProcessor

from certificates import CredentialKey, Skill, Unsignable, UnusableKey, credential_json, did_key
from certificates.credentials import canonical
from certificates.credentials.canonical import CREDENTIALS, OPEN_BADGES, canonical_form, read_context
from certificates.credentials.multikey import from_multibase, from_multikey, to_multibase
from certificates.credentials.proofs import JCS, RDFC, proof_holds, proof_options, without_proof
from tests.certificates.badges import (
    DID,
    KEY,
    VECTORS,
    Document,
    ada,
    changed,
    credential_of,
    key_from,
    list_with,
    signed,
    vector,
)
from tests.certificates.conftest import ISSUED

SKILLS = (Skill("Threat modelling", "https://skills.example.org/threat-modelling"), Skill("Least privilege"))


def noor() -> Document:
    """The facts of the other program's vectors."""
    return credential_of(ada(certificate_title="Secure design", skills=SKILLS), email="noor@example.org")


def laid_out(document: Document) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)


def holds(document: Document, number: int = 0) -> bool:
    return proof_holds(document, document["proof"][number], from_multikey(KEY.multikey))


def subject(document: Document) -> Document:
    found: Document = document["credentialSubject"]
    return found


# C10: the same bytes as another program with the same key


def test_c10_the_unsigned_credential_is_the_other_programs() -> None:
    assert laid_out(noor()) == vector("unsigned.json")


def test_c10_the_canonical_form_is_the_other_programs() -> None:
    quads = canonical_form(noor())
    assert quads.strip() == vector("document.nq")
    assert hashlib.sha256(quads.encode()).hexdigest().startswith("448db9a9")


def test_c10_the_canonical_proof_options_are_the_other_programs() -> None:
    options = proof_options(noor(), RDFC, f"{DID}#credential-1", ISSUED)
    quads = canonical_form({"@context": noor()["@context"], **options})
    assert quads.strip() == vector("proof-options.nq")
    # all its terms are in the first context
    assert quads == canonical_form({"@context": [CREDENTIALS], **options})
    assert hashlib.sha256(quads.encode()).hexdigest().startswith("072394fd")


def test_c10_the_signed_credential_is_the_other_programs() -> None:
    assert laid_out(KEY.sign(noor(), ISSUED)) == vector("credential.json")


def test_c10_the_credential_with_two_proofs_is_the_other_programs() -> None:
    assert laid_out(KEY.sign(noor(), ISSUED, second_proof=True)) == vector("credential-two-proofs.json")


def test_c10_the_token_is_the_other_programs() -> None:
    assert KEY.sign_token(KEY.sign(noor(), ISSUED)) == vector("credential.jwt")


@pytest.mark.parametrize(("name", "revoked"), [("status-clear.json", []), ("status-set.json", [94567])])
def test_c10_the_status_list_is_the_other_programs(name: str, revoked: list[int]) -> None:
    assert laid_out(list_with(*revoked)) == vector(name)


def test_c10_our_own_vector_keeps_its_bytes() -> None:
    """A proof that is out in the world must be made the same way by every later release."""
    expiring = credential_of(ada(expires_on=date(2028, 2, 29), version=2, summary="Één – für alle 日本"))
    made = KEY.sign(expiring, ISSUED + timedelta(days=1), second_proof=True)
    assert credential_json(made) == (VECTORS / "credential.json").read_text(encoding="utf-8").strip()
    assert KEY.sign_token(made) == (VECTORS / "credential.jwt").read_text(encoding="utf-8").strip()
    kept = (VECTORS / "status-list.json").read_text(encoding="utf-8").strip()
    assert credential_json(list_with(0, 7, 8, 94567, 131_071)) == kept


def test_c10_threads_sign_the_same_bytes() -> None:
    documents = [credential_of(ada(summary=f"Summary {number}")) for number in range(12)]
    alone = [KEY.sign(document, ISSUED) for document in documents]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda document: KEY.sign(document, ISSUED), documents)) == alone


# C11: what the signing function refuses


@pytest.mark.parametrize("character", [*"\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f", "\ud800"], ids=ascii)
@pytest.mark.parametrize("second_proof", [False, True])
def test_c11_characters_that_libraries_write_differently_are_refused(character: str, second_proof: bool) -> None:
    document = credential_of(ada(summary=f"A{character}B"))
    with pytest.raises(Unsignable, match="character"):
        KEY.sign(document, ISSUED, second_proof)


def test_c11_tab_and_line_ends_are_signed() -> None:
    assert holds(signed(ada(summary="a\tb\nc\rd")))


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(honours="yes"),
        lambda document: subject(document).update(score="93"),
        lambda document: subject(document)["achievement"].update(pass_mark="70"),
        lambda document: document["credentialStatus"].update(colour="red"),
    ],
)
def test_c11_a_term_in_no_context_is_refused(change: Callable[[Document], object]) -> None:
    with pytest.raises(Unsignable, match="would go unsigned"):
        KEY.sign(changed(credential_of(ada()), change), ISSUED)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(id="credentials/7KQ2"),
        lambda document: document["image"].update(id="/badge.svg"),
        lambda document: document["image"].update(id="../../badge.svg"),
        lambda document: document["image"].update(id="//learn.example.org/badge.svg"),
        lambda document: document["image"].update(id="?badge"),
        lambda document: document["type"].append("SomethingNew"),
        lambda document: document["credentialStatus"].update(statusListCredential="status/1"),
    ],
)
def test_c11_a_relative_address_is_refused(change: Callable[[Document], object]) -> None:
    with pytest.raises(Unsignable, match="relative"):
        KEY.sign(changed(credential_of(ada()), change), ISSUED)


@pytest.mark.parametrize(
    "contexts",
    [
        ["https://www.w3.org/2018/credentials/v1"],
        [CREDENTIALS, OPEN_BADGES, "https://contexts.example.org/more"],
        [CREDENTIALS, {"honours": "https://example.org/honours"}],
        CREDENTIALS,
        None,
    ],
)
def test_c11_only_the_two_contexts_are_known_and_nothing_is_fetched(
    contexts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", _no_network)
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    with pytest.raises(Unsignable, match="not known"):
        KEY.sign({**credential_of(ada()), "@context": contexts}, ISSUED)
    with pytest.raises(Unsignable, match="not known"):
        read_context("https://www.w3.org/2018/credentials/v1")


def _no_network(*_: object) -> None:
    raise AssertionError("the network was asked")


def test_c11_a_changed_context_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(canonical._CONTEXTS, CREDENTIALS, ("credentials-v2.json", "00" * 32))
    with pytest.raises(Unsignable, match="not the one this release came with"):
        read_context(CREDENTIALS)


def test_c11_one_document_is_canonicalised_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    busy: list[bool] = []
    normalize = JsonLdProcessor.normalize

    def watched(self: JsonLdProcessor, *arguments: Any) -> Any:
        busy.append(canonical._ONE_AT_A_TIME.locked())
        return normalize(self, *arguments)

    monkeypatch.setattr(JsonLdProcessor, "normalize", watched)
    canonical_form(credential_of(ada()))
    assert busy == [True]


def test_c11_a_proof_that_does_not_verify_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certificates.signing.credential_key.to_multibase", lambda data: to_multibase(data[::-1]))
    with pytest.raises(Unsignable, match="does not verify"):
        KEY.sign(credential_of(ada()), ISSUED)


@pytest.mark.parametrize("value", [1, 1.5, None])
def test_c11_only_text_and_yes_or_no_are_signed(value: Any) -> None:
    with pytest.raises(Unsignable, match="neither text nor yes or no"):
        KEY.sign(changed(credential_of(ada()), lambda document: document.update(name=value)), ISSUED)


def test_c11_a_keyword_inside_the_document_is_refused() -> None:
    with pytest.raises(Unsignable, match="keyword"):
        KEY.sign(changed(credential_of(ada()), lambda document: subject(document).update({"@id": DID})), ISSUED)


def test_c11_what_would_take_for_ever_is_refused() -> None:
    nested: Document = {"type": ["Alignment"], "targetName": "x", "alignment": [{"type": ["Alignment"]}]}
    with pytest.raises(Unsignable, match="without an id"):
        KEY.sign(changed(credential_of(ada()), lambda document: document.update(evidence=[nested])), ISSUED)
    with pytest.raises(Unsignable, match="blank node"):
        KEY.sign(changed(credential_of(ada()), lambda document: subject(document).update(id="_:b0")), ISSUED)
    deep: Any = "deep"
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(Unsignable, match="too deeply"):
        KEY.sign({**credential_of(ada()), "name": deep}, ISSUED)


# Proofs


def test_a_proof_does_not_hold_for_another_key() -> None:
    document = signed()
    assert holds(document)
    assert not proof_holds(document, document["proof"][0], from_multikey(key_from(bytes(32)).multikey))


TAMPERED: list[Callable[[Document], object]] = [
    lambda document: document.update(name="Advanced design"),
    lambda document: document.update(validFrom="2026-11-15T09:30:00Z"),
    lambda document: document.update(validUntil="2036-11-15T09:30:00Z"),
    lambda document: document["issuer"].update(name="Another University"),
    lambda document: subject(document)["identifier"][0].update(salt="00"),
    lambda document: subject(document)["achievement"]["tag"].append("Flying"),
    lambda document: subject(document)["achievement"]["alignment"].clear(),
    lambda document: document["credentialStatus"].update(statusListIndex="7"),
    lambda document: document.pop("credentialStatus"),
    lambda document: document.update(honours=True),
    lambda document: document["proof"][0].update(created="2026-11-14T09:30:01Z"),
    lambda document: document["proof"][0].update(proofPurpose="authentication"),
    lambda document: document["proof"][0].update(verificationMethod=f"{DID}#credential-2"),
    lambda document: document["proof"][0].update(proofValue=document["proof"][0]["proofValue"][:-1] + "1"),
    lambda document: document["proof"][0].update(proofValue="u1234"),
    lambda document: document["proof"][0].pop("proofValue"),
    lambda document: document["proof"][0].update(expires="2036-11-14T09:30:01Z"),
    lambda document: document["proof"][0].update(cryptosuite="eddsa-2022"),
    lambda document: document["proof"][0].update(cryptosuite=["eddsa-rdfc-2022"]),
    lambda document: document["proof"][0].update(type="Proof"),
    lambda document: document.pop("@context"),
]


@pytest.mark.parametrize("number", [0, 1], ids=[RDFC, JCS])
@pytest.mark.parametrize("change", range(len(TAMPERED)))
def test_every_change_breaks_the_proof(change: int, number: int) -> None:
    document = KEY.sign(credential_of(ada()), ISSUED, second_proof=True)
    assert holds(document, number)
    turned = {**document, "proof": [document["proof"][number]]}
    assert not holds(changed(turned, TAMPERED[change]))


def test_each_of_two_proofs_is_over_the_document_alone() -> None:
    both, one = KEY.sign(credential_of(ada()), ISSUED, second_proof=True), signed()
    assert both["proof"][0] == one["proof"][0]
    assert [proof["cryptosuite"] for proof in both["proof"]] == [RDFC, JCS]
    assert ["@context" in proof for proof in both["proof"]] == [False, True]
    assert all(holds(both, number) for number in (0, 1))
    assert all(holds({**both, "proof": [proof]}) for proof in both["proof"])


def test_signing_anew_replaces_the_earlier_proofs() -> None:
    successor = key_from(bytes(range(1, 33)), "credential-2")
    anew = successor.sign(signed(), ISSUED + timedelta(days=1))
    assert anew == successor.sign(credential_of(ada()), ISSUED + timedelta(days=1))
    assert [proof["verificationMethod"] for proof in anew["proof"]] == [f"{DID}#credential-2"]
    assert without_proof(anew) == credential_of(ada())


def test_a_development_machine_names_its_key_by_the_key() -> None:
    document = signed(issuer_did=did_key(KEY.multikey))
    assert document["proof"][0]["verificationMethod"] == f"did:key:{KEY.multikey}#{KEY.multikey}"
    assert holds(document)


# Keys


def test_a_key_comes_back_from_its_pem() -> None:
    key = CredentialKey.make("credential-1")
    again = CredentialKey.load("credential-1", key.private_key)
    assert again.multikey == key.multikey != CredentialKey.make("credential-1").multikey
    assert again.sign(credential_of(ada()), ISSUED) == key.sign(credential_of(ada()), ISSUED)


def test_only_an_ed25519_key_signs_credentials() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnusableKey, match="not an Ed25519 key"):
        CredentialKey.load("credential-1", other)
    with pytest.raises(UnusableKey, match="cannot be read"):
        CredentialKey.load("credential-1", b"no key")


def test_a_multikey_is_read_as_it_was_written() -> None:
    assert KEY.multikey == "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    for data in (b"", b"\0", b"\0\0\x01", bytes(range(64)), b"\xff" * 64):
        assert from_multibase(to_multibase(data)) == data


@pytest.mark.parametrize("text", ["", "z", "6Mk", "z0", "zI", "z6Mk", "u6MkehRg", "z" + "1" * 300, "zé"])
def test_what_is_no_multikey_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Multibase|Multikey|not found"):
        from_multikey(text)
