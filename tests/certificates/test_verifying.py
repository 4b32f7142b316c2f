"""A file in hand: untouched, changed, not ours, or not to be checked; never an exception."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pikepdf
import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings, strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from certificates import LARGEST_FILE, Issuer, PublicKeys, make_specimen, make_specimen_keys, render, verify
from certificates.signature_form import read_signature
from certificates.verifying import Reason, Word
from tests.certificates.conftest import (
    COURSE,
    FOUNDED,
    ISSUED,
    ISSUED_BY,
    NUMBER,
    make_certificate,
    make_issuer,
    public_keys,
)
from tests.owners_key import issuer_of_owner, owners_pkcs12


def hole_of(file: bytes) -> tuple[int, int]:
    """Where the digits of the signature begin and end."""
    found = re.search(rb"/ByteRange \[0 (\d{10}) (\d{10}) \d{10}\]", file)
    assert found
    return int(found[1]) + 1, int(found[2]) - 1


def flipped(file: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(file)
    changed[place] ^= 1 << bit
    return bytes(changed)


def test_an_untouched_file_tells_what_was_signed(signed: bytes, keys: PublicKeys) -> None:
    verdict = verify(signed, keys)
    assert (verdict.word, verdict.reason) == ("untouched", "all_rules_kept")
    assert (verdict.number, verdict.version, verdict.key_id) == (NUMBER, 1, "cert-2026")
    assert (verdict.issued_on, verdict.expires_on, verdict.signed_at) == (date(2026, 11, 14), None, ISSUED)
    assert verdict.title == "Ada Lovelace – Secure design of web applications – Example University"
    assert verdict.issuer == "Example University"


def test_the_last_day_is_read_from_the_signed_file(issuer: Issuer, keys: PublicKeys) -> None:
    certificate = replace(make_certificate(), expires_on=date(2028, 11, 30))
    assert verify(issuer.sign(certificate, str), keys).expires_on == date(2028, 11, 30)


# changes


def test_c15_no_changed_bit_is_accepted_anywhere(signed: bytes, keys: PublicKeys) -> None:
    chance = random.Random(7)
    start, end = hole_of(signed)
    places = [chance.randrange(len(signed)) for _ in range(500)] + [chance.randrange(start, end) for _ in range(500)]
    for place in places:
        verdict = verify(flipped(signed, place, chance.randrange(8)), keys)
        assert verdict.word in ("changed", "not_ours"), place


def test_every_digit_of_the_signature_matters(signed: bytes, keys: PublicKeys) -> None:
    start, end = hole_of(signed)
    for place in range(start, end):
        other = b"0" if signed[place : place + 1] != b"0" else b"1"
        assert verify(signed[:place] + other + signed[place + 1 :], keys).word == "changed", place


def test_the_intermediates_of_an_owners_key_are_checked_too() -> None:
    issuer = issuer_of_owner("own", owners_pkcs12(ec.generate_private_key(ec.SECP256R1())), b"secret")
    file, keys = issuer.sign(make_certificate(), str), public_keys(issuer)
    assert verify(file, keys).word == "untouched"
    start, end = hole_of(file)
    for place in range(start, end, 7):
        assert verify(flipped(file, place, 0), keys).word == "changed", place


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\0", b"%%EOF\n", b"\nstartxref\n0\n%%EOF\n", b"<script>"])
def test_c15_appended_bytes_are_a_change(signed: bytes, keys: PublicKeys, tail: bytes) -> None:
    assert verify(signed + tail, keys).word == "changed"


def test_c15_a_prefix_or_a_missing_end_is_a_change(signed: bytes, keys: PublicKeys) -> None:
    assert verify(b"\n" + signed, keys).word == "changed"
    assert verify(signed[:-1], keys).word == "changed"
    assert verify(signed[: len(signed) // 2], keys).word != "untouched"


def test_c15_a_later_revision_is_a_change(signed: bytes, keys: PublicKeys) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Extra"] = writer.root["/Lang"]
    writer.update_root()  # type: ignore[no-untyped-call]
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    assert output.getvalue().startswith(signed)
    assert verify(output.getvalue(), keys).word == "changed"


def test_c15_a_second_signature_field_is_a_change(signed: bytes, keys: PublicKeys) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    fields.append_signature_field(writer, fields.SigFieldSpec("Second"))
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    assert verify(output.getvalue(), keys).word == "changed"


def test_c15_a_file_rewritten_by_another_program_is_a_change(signed: bytes, keys: PublicKeys) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.save(output)
    assert verify(output.getvalue(), keys).word != "untouched"


def test_c15_upper_case_digits_or_bytes_after_the_signature_are_a_change(signed: bytes, keys: PublicKeys) -> None:
    start, end = hole_of(signed)
    upper = signed[:start] + signed[start:end].upper() + signed[end:]
    assert verify(upper, keys).word == "changed"


def test_c15_another_name_under_the_same_signature_is_a_change(signed: bytes, issuer: Issuer, keys: PublicKeys) -> None:
    other = issuer.sign(make_certificate("Eve", "Lovelace"), str)
    (start, end), (there, until) = hole_of(other), hole_of(signed)
    assert verify(other[:start] + signed[there:until] + other[end:], keys).word == "changed"


def test_a_file_without_a_signature_is_not_ours(keys: PublicKeys) -> None:
    verdict = verify(render(make_certificate()), keys)
    assert (verdict.word, verdict.reason, verdict.number) == ("not_ours", "no_signature", NUMBER)


def test_a_file_whose_signature_was_cut_out_is_not_ours(signed: bytes, keys: PublicKeys) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        del pdf.Root.AcroForm, pdf.Root.Perms, pdf.Root.StructTreeRoot
        del pdf.pages[0].Annots
        output = io.BytesIO()
        pdf.save(output)
    assert verify(output.getvalue(), keys).word == "not_ours"


def test_c15_a_file_by_another_key_under_the_same_names_is_not_ours(keys: PublicKeys) -> None:
    imitation = make_issuer("cert-2026").sign(make_certificate(), str)
    verdict = verify(imitation, keys)
    assert (verdict.word, verdict.reason) == ("not_ours", "another_key")


def test_without_any_key_nothing_is_ours(signed: bytes) -> None:
    assert verify(signed, public_keys()).word == "not_ours"


def test_a_specimen_is_untouched_only_by_its_own_keys(keys: PublicKeys) -> None:
    specimens = make_specimen_keys(ISSUED_BY, FOUNDED)
    issuer, specimen_keys = specimens.issuer, specimens.public
    file = render(make_specimen(make_certificate().holder, COURSE, ISSUED_BY, ISSUED), issuer)
    assert verify(file, specimen_keys).word == "untouched"
    assert verify(file, specimen_keys).number == "0" * 16
    assert verify(file, keys).word == "not_ours"


def test_a_file_of_ours_without_a_number_that_can_be_read_is_not_ours(issuer: Issuer, keys: PublicKeys) -> None:
    wrong = replace(make_certificate(), number=NUMBER[:-1] + "D")
    verdict = verify(issuer.sign(wrong, str), keys)
    assert (verdict.word, verdict.reason) == ("not_ours", "no_number")


# lives of keys


def test_c9_a_retired_key_still_proves_what_it_signed_before(signed: bytes, issuer: Issuer) -> None:
    before, after = ISSUED + timedelta(days=1), ISSUED - timedelta(days=1)
    assert verify(signed, public_keys(issuer, retired_at=before)).word == "untouched"
    verdict = verify(signed, public_keys(issuer, retired_at=after))
    assert (verdict.word, verdict.reason) == ("not_ours", "outside_key_life")


def test_c9_after_a_rotation_files_of_both_keys_are_untouched(signed: bytes, issuer: Issuer) -> None:
    younger = make_issuer("cert-2027", datetime(2027, 11, 1, tzinfo=UTC))
    keys = PublicKeys(
        "Example University",
        "https://learn.example.org",
        public_keys(issuer, retired_at=younger.valid_from).keys + public_keys(younger).keys,
    )
    assert verify(signed, keys).key_id == "cert-2026"
    redrawn = verify(younger.sign(make_certificate(), str), keys)
    assert (redrawn.word, redrawn.key_id) == ("untouched", "cert-2027")


def test_c9_a_compromised_key_proves_nothing_by_itself(signed: bytes, issuer: Issuer) -> None:
    verdict = verify(signed, public_keys(issuer, compromised_at=ISSUED + timedelta(days=9)))
    assert (verdict.word, verdict.reason, verdict.number) == ("not_ours", "key_compromised", NUMBER)


# any bytes


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "empty"),
        (b"x" * (LARGEST_FILE + 1), "too_large"),
        (b"\x89PNG", "not_a_pdf"),
        (b"%PDF-1.7", "no_signature"),
        (b"%PDF-1.7 /ByteRange [0 1 2 3]", "another_key"),
        (b"%PDF-1.7" + b"<x:xmpmeta" * 100_000, "no_signature"),
        (b"%PDF-1.7 <x:xmpmeta>" + b"<a>" * 20_000 + b"</x:xmpmeta>", "no_signature"),
        (b"%PDF-1.7" + b"/ByteRange [" * 100_000, "another_key"),
    ],
)
def test_hopeless_files_have_a_reason(file: bytes, reason: str, keys: PublicKeys) -> None:
    assert verify(file, keys).reason == reason


def test_a_file_that_says_two_things_about_itself_says_nothing(keys: PublicKeys) -> None:
    file = render(make_certificate())
    packet = file[file.index(b"<x:xmpmeta") : file.index(b"</x:xmpmeta>") + 12]
    assert verify(b"%PDF-1.7 " + packet, keys).number == NUMBER
    assert verify(b"%PDF-1.7 " + packet + packet, keys).number is None


def test_an_entity_bomb_in_the_metadata_is_not_opened(keys: PublicKeys) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&a;</x:xmpmeta>'
    assert verify(b"%PDF-1.7 " + bomb, keys).word == "not_ours"


def with_signature_value(value: bytes) -> bytes:
    """A file that keeps the rules of bytes around any signature value."""
    before = b"%PDF-1.7\n/ByteRange [0 0000000000 0000000000 0000000000] /Contents"
    after = b">\nstartxref\n0\n%%EOF\n"
    hole, resume = len(before), len(before) + 1 + 2 * len(value)
    head = before.replace(
        b"[0 0000000000 0000000000 0000000000]", b"[0 %010d %010d %010d]" % (hole, resume + 1, len(after) - 1)
    )
    return head + b"<" + value.hex().encode() + after


def test_a_signature_value_that_says_more_than_ours_is_not_read(signed: bytes) -> None:
    start, end = hole_of(signed)
    content = cms.ContentInfo.load(bytes.fromhex(signed[start:end].decode()))
    assert read_signature(with_signature_value(content.dump())) is not None
    (info,) = content["content"]["signer_infos"]
    info["unsigned_attrs"] = [cms.CMSAttribute({"type": "signing_time", "values": [core.UTCTime(ISSUED)]})]
    assert read_signature(with_signature_value(content.dump(force=True))) is None


@given(value=st.binary(max_size=300))
@settings(deadline=None)
def test_no_signature_value_makes_verifying_fail(value: bytes, keys: PublicKeys) -> None:
    assert verify(with_signature_value(value), keys).word == "not_ours"


@given(value=st.binary(min_size=0, max_size=250))
@settings(deadline=None)
def test_no_well_wrapped_nonsense_makes_verifying_fail(value: bytes, keys: PublicKeys) -> None:
    wrapped = b"\x30\x82" + (len(value) + 130).to_bytes(2, "big") + bytes(130) + value
    assert verify(with_signature_value(wrapped), keys).word == "not_ours"


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_no_damage_to_a_real_file_makes_verifying_fail(signed: bytes, keys: PublicKeys, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(signed) - 1))
    end = data.draw(st.integers(start, min(len(signed), start + 4000)))
    damaged = signed[:start] + data.draw(st.binary(max_size=200)) + signed[end:]
    verdict = verify(damaged, keys)
    assert verdict.word in get_args(Word)
    assert verdict.reason in get_args(Reason)
    assert (verdict.word == "untouched") == (damaged == signed)


@given(file=st.binary(max_size=2000))
@settings(deadline=None)
def test_no_bytes_make_verifying_fail(file: bytes, keys: PublicKeys) -> None:
    assert verify(b"%PDF-1.7\n" + file, keys).word == "not_ours"
