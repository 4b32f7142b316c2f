"""Any credential to a verdict, as of a given moment, from the issuer's public keys alone."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies as st

from certificates import CredentialVerdict, PublicKeys, bake, did_key, verify_credential
from certificates.credentials.multikey import to_multibase
from certificates.credentials.proofs import RDFC, bytes_to_sign, proof_holds, proof_options
from certificates.credentials.token import with_signature
from tests.certificates.badges import (
    BASE,
    DID,
    INDEX,
    KEY,
    KEYS,
    LIST,
    Document,
    ada,
    changed,
    credential_of,
    key_from,
    keys_with,
    list_with,
    signed,
    vector,
    written,
)
from tests.certificates.conftest import FOUNDED, ISSUED
from tests.certificates.credentials.test_baking import PICTURE

NOW = datetime(2027, 6, 1, tzinfo=UTC)
CLEAR, SET = written(list_with(7)), written(list_with(7, INDEX))
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FOREIGN = key_from(bytes(32))


def judge(
    credential: Document | str | bytes, keys: PublicKeys = KEYS, status_list: bytes | None = CLEAR, at: datetime = NOW
) -> CredentialVerdict:
    data = written(credential) if isinstance(credential, dict) else credential
    return verify_credential(data.encode() if isinstance(data, str) else data, keys, at, status_list)


def two_proofs() -> Document:
    return KEY.sign(credential_of(ada()), ISSUED, second_proof=True)


FORMS: dict[str, Callable[[], Document | str]] = {
    "one proof": signed,
    "two proofs": two_proofs,
    "token": lambda: KEY.sign_token(signed()),
    "picture": lambda: bake(PICTURE, written(signed()).decode()),
    "picture of a token": lambda: bake(PICTURE, KEY.sign_token(signed())),
    "spread out": lambda: "\ufeff \n" + json.dumps(signed(), indent=2) + "\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_adas_credential_is_valid_in_every_form(form: str) -> None:
    verdict = judge(FORMS[form]())
    assert verdict.is_valid
    assert verdict == CredentialVerdict(
        "untouched",
        "all_rules_kept",
        "clear",
        False,
        "7KQ29FXDM4TBW8HC",
        1,
        date(2026, 11, 14),
        None,
        "Secure design of web applications",
        "Example University",
        LIST,
        INDEX,
        ISSUED,
        "credential-1",
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_set_bit_is_revoked_in_every_form(form: str) -> None:
    verdict = judge(FORMS[form](), status_list=SET)
    assert (verdict.word, verdict.status, verdict.is_valid) == ("untouched", "set", False)


@pytest.mark.parametrize("name", ["credential.json", "credential-two-proofs.json", "credential.jwt"])
def test_what_another_program_made_is_judged_the_same(name: str) -> None:
    clear, revoked = vector("status-clear.json").encode(), vector("status-set.json").encode()
    assert judge(vector(name), status_list=clear).is_valid
    assert judge(vector(name), status_list=revoked).status == "set"


def test_offline_the_bit_is_not_asked_for_and_nothing_is_called_valid() -> None:
    verdict = judge(signed(), status_list=None)
    assert (verdict.word, verdict.status, verdict.is_valid) == ("untouched", "not_asked", False)


def test_the_last_second_of_the_last_day_counts() -> None:
    document, last = signed(ada(expires_on=date(2028, 2, 29))), datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)
    assert judge(document, at=last).is_valid
    verdict = judge(document, at=last + timedelta(seconds=1))
    assert (verdict.word, verdict.is_expired, verdict.is_valid) == ("untouched", True, False)
    assert verdict.expires_on == date(2028, 2, 29)


def test_a_version_is_read_from_the_id() -> None:
    verdict = judge(signed(ada(version=2)))
    assert (verdict.number, verdict.version) == ("7KQ29FXDM4TBW8HC", 2)


CHANGES: list[Callable[[Document], object]] = [
    lambda document: document.update(name="Advanced design"),
    lambda document: document.update(validFrom="2026-11-15T09:30:00Z"),
    lambda document: document.update(validUntil="2036-11-15T09:30:00Z"),
    lambda document: document["issuer"].update(name="Another University"),
    lambda document: document["credentialSubject"]["identifier"][0].update(salt="00"),
    lambda document: document["credentialStatus"].update(statusListIndex="7"),
    lambda document: document.pop("credentialStatus"),
    lambda document: document.update(honours=True),
    lambda document: document.update(score=93),
    lambda document: document.update({"@included": []}),
    lambda document: document["proof"][-1].update(proofValue=document["proof"][-1]["proofValue"][:-1] + "1"),
    lambda document: document["proof"][-1].update(cryptosuite="ecdsa-rdfc-2019"),
    lambda document: document["@context"].append("https://contexts.example.org/more"),
]


@pytest.mark.parametrize("make", [signed, two_proofs], ids=["one proof", "two proofs"])
@pytest.mark.parametrize("change", range(len(CHANGES)))
def test_a_changed_credential_is_found_out(make: Callable[[], Document], change: int) -> None:
    verdict = judge(changed(make(), CHANGES[change]))
    assert (verdict.word, verdict.reason) == ("changed", "altered_after_signing")
    assert not verdict.is_valid


@pytest.mark.parametrize("number", [0, 1])
def test_every_proof_must_hold_not_any_one(number: int) -> None:
    document, other = two_proofs(), signed(ada(hours=3.0))
    broken = changed(document, lambda it: it["proof"][number].update(proofValue=other["proof"][0]["proofValue"]))
    assert judge(broken).word == "changed"


def test_a_member_named_twice_is_no_credential() -> None:
    text = written(signed()).decode()
    assert judge(text[:-1] + ',"name":"Advanced design"}').reason == "not_a_credential"


@pytest.mark.parametrize(
    "change",
    [
        lambda claims: claims.update(name="Advanced design"),
        lambda claims: claims.update(sub="urn:uuid:other"),
        lambda claims: claims.update(exp=4_000_000_000),
        lambda claims: claims.update(nbf=1),
        lambda claims: claims.pop("jti"),
        lambda claims: claims.pop("proof"),
    ],
)
def test_a_changed_token_is_never_untouched(change: Callable[[Document], object]) -> None:
    header, payload, signature = KEY.sign_token(signed()).split(".")
    claims = changed(json.loads(base64.urlsafe_b64decode(payload + "==")), change)
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert judge(f"{header}.{forged}.{signature}").word != "untouched"


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"typ": "JWT"}, {"kid": f"{DID}#credential-2"}])
def test_a_token_needs_our_header(header: Document) -> None:
    _, payload, signature = KEY.sign_token(signed()).split(".")
    full = {"typ": "JWT", "alg": "EdDSA", "kid": f"{DID}#credential-1", **header}
    full = full if "typ" not in header else header
    forged = base64.urlsafe_b64encode(json.dumps(full).encode()).decode().rstrip("=")
    assert judge(f"{forged}.{payload}.{signature}").word != "untouched"


def test_a_token_with_the_signature_of_another_is_found_out() -> None:
    token, other = KEY.sign_token(signed()), KEY.sign_token(signed(ada(hours=3.0)))
    assert judge(token.rpartition(".")[0] + "." + other.rpartition(".")[2]).word == "changed"


@pytest.mark.parametrize(
    "forged",
    [
        FOREIGN.sign(credential_of(ada()), ISSUED),  # says that it is our key
        FOREIGN.sign(credential_of(ada(), issuer_did="did:web:evil.example"), ISSUED),
        FOREIGN.sign(credential_of(ada(), issuer_did=did_key(FOREIGN.multikey)), ISSUED),
        key_from(bytes(32), "credential-9").sign(credential_of(ada()), ISSUED),
        changed(signed(), lambda it: it["issuer"].update(id="did:web:evil.example")),
        changed(signed(), lambda it: it["issuer"].pop("id")),
    ],
    ids=range(6),
)
def test_what_another_key_signed_is_not_untouched(forged: Document) -> None:
    assert judge(forged).word in ("changed", "not_ours")


def test_a_credential_of_another_issuer_is_not_ours() -> None:
    verdict = judge(FOREIGN.sign(credential_of(ada(), issuer_did="did:web:evil.example"), ISSUED))
    assert (verdict.word, verdict.reason) == ("not_ours", "another_key")
    assert judge(signed(), keys_with(FOREIGN, did="did:web:evil.example")).reason == "another_key"
    assert judge(signed(), keys_with(KEY, did="did:web:evil.example")).reason == "another_key"


def test_our_key_does_not_speak_for_another_issuer() -> None:
    document = credential_of(ada(), issuer_did="did:web:evil.example")
    options = proof_options(document, RDFC, f"{DID}#credential-1", ISSUED)
    proof = {**options, "proofValue": to_multibase(PRIVATE.sign(bytes_to_sign(document, options)))}
    assert proof_holds(document, proof, PRIVATE.public_key().public_bytes_raw())
    assert judge({**document, "proof": [proof]}).reason == "another_key"


def test_a_token_says_what_its_credential_says_even_if_our_key_signed_it() -> None:
    claims = {**signed(), "iss": DID, "jti": "other", "sub": "urn:uuid:other", "nbf": 0}
    header = {"typ": "JWT", "alg": "EdDSA", "kid": f"{DID}#credential-1"}
    token = ".".join(base64.urlsafe_b64encode(written(part)).decode().rstrip("=") for part in (header, claims))
    assert judge(with_signature(token, PRIVATE.sign(token.encode()))).reason == "not_a_credential"


@pytest.mark.parametrize("proof", [None, [], {}, "proof", signed()["proof"][0], [signed()["proof"][0]] * 3])
def test_without_a_list_of_proofs_it_is_not_signed(proof: Any) -> None:
    verdict = judge({**signed(), "proof": proof})
    assert (verdict.word, verdict.reason) == ("not_ours", "no_signature")


def test_a_retired_key_verifies_what_it_signed_before() -> None:
    retired = keys_with(KEY, retired_at=ISSUED + timedelta(days=30))
    assert judge(signed(), retired).is_valid
    later = KEY.sign(credential_of(ada()), ISSUED + timedelta(days=31))
    assert judge(later, retired).reason == "outside_key_life"
    earlier = KEY.sign(credential_of(ada()), FOUNDED - timedelta(seconds=1))
    assert judge(earlier).reason == "outside_key_life"


def test_a_compromised_key_proves_nothing() -> None:
    compromised = keys_with(KEY, compromised_at=ISSUED + timedelta(days=30))
    verdict = judge(signed(), compromised)
    assert (verdict.word, verdict.reason, verdict.status) == ("not_ours", "key_compromised", "could_not_check")


def test_a_development_machines_own_key_is_enough() -> None:
    did = did_key(KEY.multikey)
    document = signed(issuer_did=did)
    assert judge(document, keys_with(KEY, FOREIGN, did=did), None).word == "untouched"
    # the name changes with the key, and the earlier one still verifies
    assert judge(document, keys_with(KEY, FOREIGN, did=did_key(FOREIGN.multikey)), None).word == "untouched"


# The status list


@pytest.mark.parametrize(
    "status_list",
    [
        b"",
        b"{}",
        b"\xff",
        CLEAR[:-20],
        written(changed(list_with(INDEX), lambda it: it["credentialSubject"].update(encodedList="uAAAA"))),
        written(changed(list_with(7), lambda it: it.pop("proof"))),
        written(changed(list_with(7), lambda it: it["credentialSubject"].update(statusPurpose="suspension"))),
        written(FOREIGN.sign(list_with(7), ISSUED)),
        written(KEY.sign({**list_with(7), "id": f"{BASE}/credentials/status/2"}, ISSUED)),
        written(signed()),
    ],
    ids=range(10),
)
def test_a_list_that_is_not_ours_or_not_this_one_says_nothing(status_list: bytes) -> None:
    verdict = judge(signed(), status_list=status_list)
    assert (verdict.word, verdict.status, verdict.is_valid) == ("untouched", "could_not_check", False)


def test_a_list_with_another_purpose_says_nothing() -> None:
    suspended = changed(list_with(7), lambda it: it["credentialSubject"].update(statusPurpose="suspension"))
    assert judge(signed(), status_list=written(KEY.sign(suspended, ISSUED))).status == "could_not_check"


def test_a_credential_without_a_place_in_a_list_is_never_valid() -> None:
    verdict = judge(signed(status=None))
    assert (verdict.word, verdict.status, verdict.is_valid) == ("untouched", "could_not_check", False)


# Whatever is handed in


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" " * (1024 * 1024 + 1), "too_large"),
        (b"{" * 100_000, "not_a_credential"),
        (b"[" * 60_000, "not_a_credential"),
        (b"null", "not_a_credential"),
        (b"[]", "not_a_credential"),
        (b"NaN", "not_a_credential"),
        (b"\xff\xfe", "not_a_credential"),
        (b"%PDF-1.7", "not_a_credential"),
        (b"<svg/>", "not_a_credential"),
        (PICTURE.encode(), "not_a_credential"),
        (b"ey.ey.ey", "not_a_credential"),
        (b"eyJhbGciOiJub25lIn0.e30.", "not_a_credential"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "not_a_credential"),
        (b"{}", "no_signature"),
        (b'{"proof": [1]}', "another_key"),
        (b'{"proof": [{"verificationMethod": [1]}], "issuer": 5}', "another_key"),
    ],
)
def test_what_is_no_credential_is_told_apart(data: bytes, reason: str) -> None:
    assert verify_credential(data, KEYS, NOW).reason == reason


def test_claims_that_cannot_be_shown_are_left_out() -> None:
    document = {**signed(), "name": "a\ud800b", "id": 7, "validFrom": "soon", "issuer": {"name": ["x"]}}
    verdict = judge(json.dumps(document))
    assert (verdict.title, verdict.number, verdict.issued_on, verdict.issuer) == (None, None, None, None)


@pytest.mark.parametrize("form", ["one proof", "token", "picture"])
def test_a_thousand_damaged_files_are_never_untouched(form: str) -> None:
    made = FORMS[form]()
    data = written(made) if isinstance(made, dict) else made.encode()
    chance = random.Random(form)
    original = verify_credential(data, KEYS, NOW)
    accepted = []
    for _ in range(334):
        place = chance.randrange(len(data))
        damaged = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        verdict = verify_credential(damaged, KEYS, NOW)
        if verdict.word == "untouched" and says(damaged) != says(data):
            accepted.append(place)
    assert original.word == "untouched"
    assert accepted == []


def says(data: bytes) -> Any:
    """What any reader would take from the file."""
    text = data.decode()
    if text.startswith("<"):
        text = text[text.index("[CDATA[") + 7 : text.index("]]>")]
    if text.startswith("ey"):
        return [base64.urlsafe_b64decode(part + "==") for part in text.split(".")]
    return json.loads(text)


@settings(max_examples=30, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*signed(), "id", "type", "@id", "proof"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_document_makes_it_raise(value: Any) -> None:
    proof = signed()["proof"]
    for document in (value, {**signed(), "name": value}, {**signed(), "proof": value}, {"proof": proof, "x": value}):
        verdict = verify_credential(json.dumps(document).encode(), KEYS, NOW, json.dumps(value).encode())
        assert not verdict.is_valid
