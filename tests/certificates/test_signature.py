"""The signature and the file around it, as other people's programs see them."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from certificates import Issuer, UnusableKey, make_authority, misfits, render, same_drawing, verify
from tests.certificates.conftest import FOUNDED, ISSUED, make_certificate, make_issuer, public_keys, run
from tests.owners_key import PrivateKey, issuer_of_owner, owners_pkcs12


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_every_kind_of_key_makes_a_file_that_outside_readers_accept(kind: str, save: Callable[[bytes], Path]) -> None:
    makers: dict[str, Callable[[], PrivateKey]] = {
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    key = makers[kind]()
    issuer = issuer_of_owner("cert-2026", owners_pkcs12(key), b"secret")
    file = issuer.sign(make_certificate(), str)
    path = save(file)
    said = run("pdfsig", "-nocert", path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert said.count("Signature #") == 1
    assert "unchanged since signing" in run("mutool", "sign", "-v", path)
    run("qpdf", "--check", path)
    assert verify(file, public_keys(issuer)).word == "untouched"
    assert issuer.sign(make_certificate(), str) == file


def test_the_bag_holds_the_signer_and_those_between_but_never_the_root() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = issuer_of_owner("cert-2026", owners_pkcs12(key), b"secret")
    names = [entry.subject.rfc4514_string() for entry in x509.load_pem_x509_certificates(issuer.certificate.encode())]
    assert names == ["CN=Signer", "CN=Between"]


def test_openssl_finds_a_cades_signature_up_to_our_root(tmp_path: Path) -> None:
    authority = make_authority("Example University", FOUNDED)
    key = authority.make_signer("cert-2026", FOUNDED)
    file = Issuer.load(key.id, key.private_key, key.certificate).sign(make_certificate(), str)
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", file)
    assert found
    hole, resume, rest = map(int, found.groups())
    assert resume + rest == len(file)
    (tmp_path / "signature.der").write_bytes(bytes.fromhex(file[hole + 1 : resume - 1].decode()))
    (tmp_path / "signed.bin").write_bytes(file[:hole] + file[resume:])
    (tmp_path / "root.pem").write_bytes(authority.certificate)
    files = ("-in", tmp_path / "signature.der", "-content", tmp_path / "signed.bin", "-out", "/dev/null")
    trust = ("-CAfile", tmp_path / "root.pem", "-purpose", "any", "-attime", str(int(ISSUED.timestamp())))
    run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-cades", *files, *trust)


def test_the_signature_is_dated_by_the_certificate_or_by_a_younger_key(issuer: Issuer) -> None:
    assert b"/M (D:20261114093000Z)" in issuer.sign(make_certificate(), str)
    younger = make_issuer("cert-2027", datetime(2027, 11, 1, tzinfo=UTC))
    assert b"/M (D:20271101000000Z)" in younger.sign(make_certificate(), str)


def test_c8_the_file_gives_away_no_clock_and_is_the_same_in_every_process(issuer: Issuer, tmp_path: Path) -> None:
    file = render(make_certificate("Zoë", "Šćepanović"))
    assert set(re.findall(rb"\(D:(\d+)Z\)", file)) == {b"20261114093000"}
    script = (
        "import sys; from certificates import render; from tests.certificates.conftest import make_certificate;"
        "import hashlib; render(make_certificate('Ben', 'Example'));"
        "print(hashlib.sha256(render(make_certificate('Zoë', 'Šćepanović'))).hexdigest())"
    )
    root = Path(__file__).parents[2]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            check=True,
        )
        assert done.stdout.strip() == hashlib.sha256(file).hexdigest()


def test_c8_threads_do_not_get_in_each_others_way(issuer: Issuer) -> None:
    certificates = [make_certificate(f"Ada {'abcdefghij'[place % 10]}", "Lovelace") for place in range(140)]
    alone = [issuer.sign(certificate, str) for certificate in certificates]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda certificate: issuer.sign(certificate, str), certificates)) == alone


def test_an_issuer_can_be_made_beside_a_running_event_loop() -> None:
    async def serve() -> Issuer:
        return make_issuer()

    assert asyncio.run(serve()).key_id == "cert-2026"


def test_a_key_and_a_certificate_that_do_not_belong_together_are_refused() -> None:
    authority = make_authority("Example University", FOUNDED)
    one, other = authority.make_signer("one", FOUNDED), authority.make_signer("other", FOUNDED)
    with pytest.raises(UnusableKey, match="another key"):
        Issuer.load("one", one.private_key, other.certificate)


def test_unusable_keys_are_refused_with_a_reason() -> None:
    short = rsa.generate_private_key(65537, 1024)
    with pytest.raises(UnusableKey, match="1024 bits"):
        issuer_of_owner("own", owners_pkcs12(short), b"secret")
    with pytest.raises(UnusableKey, match="P-256"):
        issuer_of_owner("own", owners_pkcs12(ec.generate_private_key(ec.SECP521R1())), b"secret")
    with pytest.raises(UnusableKey, match="password"):
        issuer_of_owner("own", owners_pkcs12(ec.generate_private_key(ec.SECP256R1())), b"wrong")
    with pytest.raises(UnusableKey, match="cannot be read"):
        Issuer.load("own", b"nonsense", b"nonsense")
    key = ec.generate_private_key(ec.SECP256R1())
    alone = serialize_key_and_certificates(b"key", key, None, None, NoEncryption())
    with pytest.raises(UnusableKey, match="no certificate"):
        issuer_of_owner("own", alone, None)


def test_the_authority_signs_for_long_and_its_signers_for_ten_years() -> None:
    authority = make_authority("Example University", FOUNDED)
    root = x509.load_pem_x509_certificate(authority.certificate)
    signer = x509.load_pem_x509_certificate(authority.make_signer("cert-2026", FOUNDED).certificate)
    signer.verify_directly_issued_by(root)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not signer.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    years = [(one.not_valid_after_utc - one.not_valid_before_utc).days / 365.25 for one in (root, signer)]
    assert [round(year) for year in years] == [25, 10]


def test_a_private_key_is_stored_as_pem_that_only_the_right_reader_opens() -> None:
    key = make_authority("Example University", FOUNDED).make_signer("cert-2026", FOUNDED)
    assert key.private_key.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert b"PRIVATE" not in key.certificate
    assert Issuer.load(key.id, key.private_key, key.certificate).certificate.encode() == key.certificate


def test_the_same_record_under_another_key_is_the_same_drawing(issuer: Issuer) -> None:
    other = make_issuer("cert-2027", ISSUED + timedelta(days=365))
    file, redrawn = issuer.sign(make_certificate(), str), other.sign(make_certificate(), str)
    assert file != redrawn
    assert same_drawing(file, redrawn)
    assert not same_drawing(file, other.sign(make_certificate("Ben", "Lovelace"), str))
    assert not same_drawing(file, other.sign(replace(make_certificate(), version=2), str))
    assert not same_drawing(b"\n1 0 obj\n<</Type /Sig /Filter " * 300_000, redrawn)


def test_the_widget_lies_on_the_words_and_belongs_to_the_structure(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        field, link = pdf.pages[0].Annots
        assert (str(field.FT), str(link.Subtype)) == ("/Sig", "/Link")
        assert str(link.A.URI) == "https://learn.example.org/verify/7KQ2-9FXD-M4TB-W8HC"
        parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        numbered = dict(zip(parents[::2], parents[1::2], strict=True))
        assert str(numbered[field.StructParent].S) == "/Form"
        assert str(numbered[link.StructParent].S) == "/Link"
        assert pdf.Root.Perms.DocMDP.objgen == field.V.objgen


def test_a_certificate_that_fits_can_be_signed(issuer: Issuer) -> None:
    certificate = make_certificate("Ḍ" * 30, "ỗ" * 30)
    assert misfits(certificate, str) == []
    assert verify(issuer.sign(certificate, str), public_keys(issuer)).number == certificate.number
