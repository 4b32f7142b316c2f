"""A stamped signature: PAdES B-T, with a token of a real authority put into the place kept for it."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates import BadTimeStamp, Issuer, ask_for_time_stamp, make_authority, read_time_stamp, verify
from tests.certificates.conftest import FOUNDED, make_certificate, public_keys, run
from tests.time_stamping import TimeStampingAuthority, time_stamping_authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeStampingAuthority]:
    with time_stamping_authority(tmp_path_factory.mktemp("time") / "tsa") as authority:
        yield authority


@pytest.fixture(scope="module")
def stamping() -> Issuer:
    key = make_authority("Example University", FOUNDED).make_signer("cert-2026", FOUNDED)
    return Issuer.load(key.id, key.private_key, key.certificate, room_for_time_stamp=True)


@pytest.fixture(scope="module")
def token(stamping: Issuer, authority: TimeStampingAuthority) -> bytes:
    query = ask_for_time_stamp(stamping.signature_in(stamping.sign(make_certificate(), str)))
    return read_time_stamp(query, authority.reply(query))


@pytest.fixture(scope="module")
def stamped(stamping: Issuer, token: bytes) -> bytes:
    return stamping.sign(make_certificate(), str, time_stamp=token)


def test_only_the_signature_value_differs_from_the_file_without_it(stamping: Issuer, stamped: bytes) -> None:
    plain = stamping.sign(make_certificate(), str)
    found = re.search(rb"/ByteRange \[0 0*(\d+) 0*(\d+)", plain)
    assert found
    start, end = map(int, found.groups())
    assert len(plain) == len(stamped)
    assert (plain[:start], plain[end:]) == (stamped[:start], stamped[end:])
    assert stamping.signature_in(plain) == stamping.signature_in(stamped)


def test_outside_readers_accept_a_stamped_file(stamped: bytes, save: Callable[[bytes], Path]) -> None:
    path = save(stamped)
    said = run("pdfsig", "-nocert", path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "unchanged since signing" in run("mutool", "sign", "-v", path)
    run("qpdf", "--check", path)


def test_pyhanko_sees_a_valid_stamp_of_that_authority(
    stamped: bytes, stamping: Issuer, authority: TimeStampingAuthority
) -> None:
    _, _, der = pem.unarmor(stamping.certificate.encode())
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(der)])
    tsa = ValidationContext(trust_roots=[load_cert_from_pemder(str(authority.folder / "tsa.pem"))])
    (signature,) = PdfFileReader(io.BytesIO(stamped), strict=True).embedded_signatures
    status = validate_pdf_signature(signature, trusted, tsa)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.trusted


def test_the_verdict_says_when_it_was_stamped(stamped: bytes, stamping: Issuer, token: bytes) -> None:
    verdict = verify(stamped, public_keys(stamping))
    assert verdict.word == "untouched"
    assert verdict.stamped_at is not None
    assert abs((datetime.now(UTC) - verdict.stamped_at).total_seconds()) < 600


def test_a_stamp_over_something_else_is_left_out(stamping: Issuer, token: bytes) -> None:
    other = stamping.sign(make_certificate("Ben"), str, time_stamp=token)
    assert other == stamping.sign(make_certificate("Ben"), str)
    assert verify(other, public_keys(stamping)).stamped_at is None


def test_a_key_without_room_goes_on_without_a_stamp(issuer: Issuer, authority: TimeStampingAuthority) -> None:
    plain = issuer.sign(make_certificate(), str)
    query = ask_for_time_stamp(issuer.signature_in(plain))
    assert issuer.sign(make_certificate(), str, time_stamp=read_time_stamp(query, authority.reply(query))) == plain


def test_no_changed_bit_of_what_the_authority_signed_is_accepted(
    stamped: bytes, stamping: Issuer, token: bytes
) -> None:
    """C15, for the statement of the authority: its certificate and its signature are inside the token as well."""
    start = stamped.index(token.hex().encode())
    keys, picks = public_keys(stamping), random.Random(15)
    statement = range(start + 2 * 60, start + 2 * 160)
    for place in picks.sample(statement, 150):
        digit = int(chr(stamped[place]), 16) ^ (1 << picks.randrange(4))
        changed = stamped[:place] + b"%x" % digit + stamped[place + 1 :]
        assert verify(changed, keys).word == "changed", place


@pytest.mark.parametrize("answer", [b"", b"not today", b"\x30\x03\x02\x01\x00"])
def test_an_answer_that_is_none_is_refused(answer: bytes) -> None:
    with pytest.raises(BadTimeStamp):
        read_time_stamp(ask_for_time_stamp(b"signature"), answer)


def test_an_answer_to_another_question_is_refused(authority: TimeStampingAuthority) -> None:
    """The nonce keeps somebody on the way from giving an old answer."""
    old = authority.reply(ask_for_time_stamp(b"signature"))
    with pytest.raises(BadTimeStamp):
        read_time_stamp(ask_for_time_stamp(b"signature"), old)
    with pytest.raises(BadTimeStamp):
        read_time_stamp(ask_for_time_stamp(b"another"), authority.reply(ask_for_time_stamp(b"signature")))
