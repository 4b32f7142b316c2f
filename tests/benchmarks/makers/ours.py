"""Ours: unsigned, and as everybody gets it."""

from __future__ import annotations

from certificates import Certificate, make_specimen_keys, render
from tests.benchmarks.made import Make, certificates


def prepare_unsigned() -> Make:
    return render


def prepare_signed() -> Make:
    """Signed, with the credential inside."""
    one = certificates()[0]
    specimens = make_specimen_keys(one.issuer, one.issued_at)
    credential = specimens.credential(one)

    def make(certificate: Certificate) -> bytes:
        return render(certificate, specimens.issuer, attached=credential)

    return make
