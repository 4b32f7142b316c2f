"""An owner's own key with its certificates, as an authority sells them: PKCS#12."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from certificates import Issuer, SigningKey
from tests.certificates.conftest import FOUNDED

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def certify(
    subject: str, key: PrivateKey, issuer: str, issuer_key: PrivateKey, is_authority: bool = False
) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(FOUNDED)
    builder = builder.not_valid_after(FOUNDED + timedelta(days=3000))
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    uses = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    signs = {"digital_signature": not is_authority, "content_commitment": not is_authority}
    usage = x509.KeyUsage(**signs, **uses, key_cert_sign=is_authority, crl_sign=is_authority)
    return builder.add_extension(usage, critical=True).sign(issuer_key, hashes.SHA256())


def owners_pkcs12(key: PrivateKey, password: bytes = b"secret") -> bytes:
    """A key with its certificate, the one between, and the root."""
    root_key, between_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    chain = [
        certify("Between", between_key, "Root", root_key, is_authority=True),
        certify("Root", root_key, "Root", root_key, is_authority=True),
    ]
    signer = certify("Signer", key, "Between", between_key)
    return serialize_key_and_certificates(b"key", key, signer, chain, BestAvailableEncryption(password))


def issuer_of(key_id: str, key: PrivateKey, *chain: x509.Certificate) -> Issuer:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Issuer.load(key_id, private, b"".join(one.public_bytes(Encoding.PEM) for one in chain))


def issuer_of_owner(key_id: str, bundle: bytes, password: bytes | None) -> Issuer:
    key = SigningKey.from_pkcs12(key_id, bundle, password)
    return Issuer.load(key.id, key.private_key, key.certificate)
