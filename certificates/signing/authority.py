"""An installation's own root, and the certificates of its signing keys. X.509 (RFC 5280), P-256."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID

_ROOT_YEARS, _SIGNER_YEARS = 25, 10  # a signer's certificate outlives the year in which it signs


class UnusableKey(ValueError):
    """A key that cannot sign certificates; the sentence says why."""


@dataclass(frozen=True)
class SigningKey:
    """A key pair as the key ring stores it: the private key and the signer's certificate (and those between it and
    a foreign root), both PEM."""

    id: str
    private_key: bytes
    certificate: bytes

    @classmethod
    def from_pkcs12(cls, key_id: str, data: bytes, password: bytes | None) -> "SigningKey":
        """The owner's own key, its certificate and those between it and a root; roots are left out. UnusableKey."""
        try:
            content = load_pkcs12(data, password)
        except ValueError as error:
            raise UnusableKey("the PKCS#12 file cannot be read; is the password right?") from error
        if content.cert is None or content.key is None:
            raise UnusableKey("the PKCS#12 file has no certificate for its key")
        others = [other.certificate for other in content.additional_certs]
        chain = [content.cert.certificate, *(other for other in others if other.subject != other.issuer)]
        private_key = content.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(key_id, private_key, b"".join(one.public_bytes(Encoding.PEM) for one in chain))


@dataclass(frozen=True)
class Authority:
    """The root: signs the certificates of signing keys and nothing else. Both parts PEM."""

    organisation: str
    private_key: bytes
    certificate: bytes

    def make_signer(self, key_id: str, at: datetime) -> SigningKey:
        """A fresh signing key, known to the world under `key_id`."""
        root = x509.load_pem_x509_certificate(self.certificate)
        root_key = load_pem_private_key(self.private_key, None)
        if not isinstance(root_key, ec.EllipticCurvePrivateKey):
            raise ValueError("the authority's key is not an elliptic curve key")
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(self.organisation, f"{self.organisation[:40]} certificates, key {key_id}")
        builder = _builder(subject, root.subject, key, at, _SIGNER_YEARS)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_documents=True), critical=True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        certificate = builder.add_extension(identifier, critical=False).sign(root_key, hashes.SHA256())
        return SigningKey(key_id, _private_pem(key), certificate.public_bytes(Encoding.PEM))


def make_authority(organisation: str, at: datetime) -> Authority:
    """A fresh root, valid for 25 years from `at`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation, f"{organisation[:40]} certificates root")
    builder = _builder(name, name, key, at, _ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_documents=False), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    return Authority(organisation, _private_pem(key), certificate.public_bytes(Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime, years: int
) -> x509.CertificateBuilder:
    start = at.astimezone(UTC).replace(microsecond=0)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=round(365.25 * years)))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _name(organisation: str, common_name: str) -> x509.Name:
    """RFC 5280 allows 64 characters for each part."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _usage(signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_cert_sign=not signs_documents,
        crl_sign=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
