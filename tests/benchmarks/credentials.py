"""CPU time of signing a credential and a status list, and the size of a full list."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from random import Random

from certificates import (
    STATUS_LIST_BITS,
    credential,
    did_key,
    make_salt,
    make_specimen_keys,
    make_subject_id,
    status_list,
)
from tests.benchmarks.made import certificates, timed
from university import clock

ADDRESS = "https://learn.example.org/credentials/status/1"
SET = 13_000


def run() -> None:
    everyone = certificates()
    key = make_specimen_keys(everyone[0].issuer, clock.now()).credential_key
    did, now = did_key(key.multikey), clock.now().replace(microsecond=0)

    def sign(n: int) -> object:
        document = credential(
            everyone[n],
            issuer_did=did,
            subject_id=make_subject_id(),
            salt=make_salt(),
            email="ada@example.org",
            status=None,
            translate=str,
        )
        return key.sign(document, now)

    bits = Random(1).sample(range(STATUS_LIST_BITS), SET)

    def sign_list(_n: int) -> object:
        return key.sign(status_list(ADDRESS, bits, issuer_did=did, valid_from=now), now)

    _print("credential, signed and verified", "≤ 10 ms", sign)
    _print("status list, signed and verified", "≤ 5 ms", sign_list)
    encoded = status_list(ADDRESS, bits, issuer_did=did, valid_from=now)
    size = len(encoded["credentialSubject"]["encodedList"]) / 1000
    print(f"a list with {SET:,} bits set: {size:.1f} kB, goal 13")


def _print(name: str, goal: str, work: Callable[[int], object]) -> None:
    work(0)
    times = sorted(timed(lambda n=n: work(n)) for n in range(100))  # type: ignore[misc]
    print(f"{name:34} median {statistics.median(times):5.1f} ms, p95 {times[95]:5.1f}, goal {goal}", flush=True)
