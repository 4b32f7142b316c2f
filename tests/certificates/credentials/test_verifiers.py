"""Verifiers by other people, in JavaScript, judge our credentials: good, revoked, tampered, expired."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from certificates import PublicKeys, StatusEntry, did_document, did_key, status_list
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
)

VERIFIERS = Path(__file__).parents[2] / "credential_verifiers"
ISSUED = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)  # these verifiers ask the clock of the machine
ALONE = "signed by"
LONG_AGO, FAR_AWAY = date(2025, 3, 31), date(2999, 12, 31)


def make(expires_on: date | None = None, second_proof: bool = False, version: int = 1, **changes: Any) -> Document:
    certificate = replace(ada(expires_on=expires_on, version=version), issued_at=ISSUED)
    return KEY.sign(credential_of(certificate, **changes), ISSUED, second_proof)


def a_list(*revoked: int, did: str = DID) -> Document:
    return KEY.sign(status_list(LIST, revoked, issuer_did=did, valid_from=ISSUED), ISSUED)


def case(
    credential: Document | str, listed: Document | None = None, keys: PublicKeys = KEYS, engines: str = "vc core"
) -> Document:
    answers = {f"{BASE}/.well-known/did.json": did_document(keys), LIST: listed or a_list(7)}
    return {"credential": credential, "answers": answers, "engines": engines.split()}


def second_proof_alone() -> Document:
    document = make(second_proof=True)
    return {**document, "proof": document["proof"][1:]}


def of_a_key() -> Document:
    did = did_key(KEY.multikey)
    return case(make(issuer_did=did), a_list(7, did=did), keys_with(KEY, did=did))


def revoked_by_a_list_nobody_signed() -> Document:
    return changed(a_list(7), lambda it: it["credentialSubject"].update(a_list(INDEX)["credentialSubject"]))


CASES: dict[str, tuple[str, Callable[[], Document]]] = {
    "good": ("verified", lambda: case(make())),
    "good, in every script": (
        "verified",
        lambda: case(make_titled("Één – für alle 日本 עברית \U0001f393 \"'\\<&>\t\n")),
    ),
    "good, with an end to come": ("verified", lambda: case(make(FAR_AWAY))),
    "good, second version": ("verified", lambda: case(make(version=2))),
    "good, two proofs": ("verified", lambda: case(make(second_proof=True), engines="vc")),
    "good, proof over JSON alone": ("verified", lambda: case(second_proof_alone(), engines="vc")),
    "good, token": ("verified", lambda: case(KEY.sign_token(make(FAR_AWAY)), engines="jose")),
    "good, key named by itself": ("verified", of_a_key),
    "good, first index": ("verified", lambda: case(make(status=StatusEntry(LIST, 0)))),
    "good, last index": ("verified", lambda: case(make(status=StatusEntry(LIST, 131_071)))),
    "revoked": ("revoked", lambda: case(make(), a_list(7, INDEX))),
    "revoked, first index": ("revoked", lambda: case(make(status=StatusEntry(LIST, 0)), a_list(0))),
    "revoked, last index": ("revoked", lambda: case(make(status=StatusEntry(LIST, 131_071)), a_list(131_071))),
    "revoked, two proofs": ("revoked", lambda: case(make(second_proof=True), a_list(INDEX), engines="vc")),
    "revoked, token": ("revoked", lambda: case(KEY.sign_token(make()), a_list(INDEX), engines="jose")),
    "expired": ("expired", lambda: case(make(LONG_AGO), engines="core")),
    "expired, strictly": ("invalid", lambda: case(make(LONG_AGO), engines="vc")),
    "expired, token": ("expired", lambda: case(KEY.sign_token(make(LONG_AGO)), engines="jose")),
    "tampered, title": ("invalid", lambda: case(changed(make(), lambda it: it.update(name="Advanced design")))),
    "tampered, day": ("invalid", lambda: case(changed(make(), lambda it: it.update(validFrom="2025-01-03T03:04:05Z")))),
    "tampered, end": ("invalid", lambda: case(changed(make(LONG_AGO), lambda it: it.pop("validUntil")))),
    "tampered, holder": (
        "invalid",
        lambda: case(changed(make(), lambda it: it["credentialSubject"]["identifier"][0].update(salt="00"))),
    ),
    "tampered, index": (
        "invalid",
        lambda: case(changed(make(), lambda it: it["credentialStatus"].update(statusListIndex="8"))),
    ),
    "tampered, a member nobody signed": ("invalid", lambda: case(changed(make(), lambda it: it.update(honours=True)))),
    "tampered, JSON alone": (
        "invalid",
        lambda: case(changed(second_proof_alone(), lambda it: it.update(name="Advanced design")), engines="vc"),
    ),
    "tampered, token": ("invalid", lambda: case(tampered_token(), engines="jose")),
    "tampered, list": ("invalid", lambda: case(make(), revoked_by_a_list_nobody_signed())),
    "signed by another key": ("invalid", lambda: case(make(), keys=keys_with(key_from(bytes(32))))),
    "signed by a compromised key": ("invalid", lambda: case(make(), keys=keys_with(KEY, compromised_at=ISSUED))),
}


def make_titled(title: str) -> Document:
    certificate = replace(ada(certificate_title=title), issued_at=ISSUED)
    return KEY.sign(credential_of(certificate), ISSUED)


def tampered_token() -> str:
    good, other = KEY.sign_token(make()), KEY.sign_token(make(version=2))
    return ".".join([*other.split(".")[:2], good.split(".")[2]])


def judge(cases: list[Document]) -> list[dict[str, str]]:
    if not shutil.which("node") or not (VERIFIERS / "node_modules").is_dir():
        pytest.fail("Node.js 18 or newer and its packages are not installed; `make test` brings them (tests/tools.sh)")
    done = subprocess.run(
        ["node", "judge.mjs"],
        cwd=VERIFIERS,
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
        pytest.fail(f"the verifiers did not run in Node.js {version}; they want 18 or newer\n{done.stderr}")
    words: list[dict[str, str]] = json.loads(done.stdout)
    return words


@cache
def judged_together() -> dict[str, dict[str, str]]:
    """One start of Node.js for all cases that share one DID document: verifiers keep the first that they see."""
    together = {name: make_case() for name, (_, make_case) in CASES.items() if not name.startswith(ALONE)}
    return dict(zip(together, judge(list(together.values())), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_c16_other_peoples_verifiers_agree(name: str) -> None:
    words = judge([CASES[name][1]()])[0] if name.startswith(ALONE) else judged_together()[name]
    assert words
    for engine, word in words.items():
        assert word.partition(":")[0] == CASES[name][0], f"{engine}: {word}"


def test_c16_another_decoder_reads_the_very_bits_that_were_set() -> None:
    revoked = [0, 1, 7, 8, 15, 16, 65_535, INDEX, 131_071]
    (words,) = judge([{"credential": a_list(*revoked), "answers": {}, "engines": ["bits"]}])
    assert words["bits"] == " ".join(map(str, revoked))
