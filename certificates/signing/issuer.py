"""Signing: a PAdES baseline B-B signature over the whole file (ETSI EN 319 142-1). Private keys are used only here."""

import asyncio
import hashlib
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from asn1crypto import cms, keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pyhanko.sign.attributes import SigningCertificateV2Provider
from pyhanko.sign.signers.pdf_cms import SimpleSigner, format_signed_attributes
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.certificate import Certificate
from certificates.rendering import BYTE_RANGE, Hole, Translate, draw
from certificates.signature_form import SignatureForm, read_signature
from certificates.signing.authority import UnusableKey
from certificates.time_stamp import LONGEST_TOKEN, stamped_at

T = TypeVar("T")
_NOTHING = hashlib.sha256(b"").digest()
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Issuer:
    """A key that signs certificates. Making one signs once on trial: a key that does not work is UnusableKey.

    `valid_from` is when the key came into use; the certificate's own first moment if not given. With room for a time
    stamp every signature can become a B-T one: the size of its place is part of what is signed.
    """

    def __init__(
        self,
        key_id: str,
        key: PrivateKey,
        chain: Iterable[x509.Certificate],
        valid_from: datetime | None = None,
        room_for_time_stamp: bool = False,
    ) -> None:
        self.key_id = key_id
        signer, *others = certificates = list(chain)
        self.certificate = "".join(entry.public_bytes(Encoding.PEM).decode() for entry in certificates)
        self.valid_from = (valid_from or signer.not_valid_before_utc).astimezone(UTC).replace(microsecond=0)
        self._key = key
        _check(key, signer)
        self._form = SignatureForm(_first_signature(key, signer, others))
        token = bytes(LONGEST_TOKEN if room_for_time_stamp else 0)
        self._length = len(self._form.filled(bytes(32), bytes(_longest_signature(key)), token))
        self._fingerprint = signer.fingerprint(hashes.SHA256()).hex()
        _validate(self._form.filled(_NOTHING, self._signature(_NOTHING)), signer)

    @classmethod
    def load(
        cls,
        key_id: str,
        private_key: bytes,
        certificate: bytes,
        valid_from: datetime | None = None,
        room_for_time_stamp: bool = False,
    ) -> "Issuer":
        """From PEM: the private key, and the signer's certificate followed by those between it and its root."""
        try:
            key, chain = load_pem_private_key(private_key, None), x509.load_pem_x509_certificates(certificate)
        except (ValueError, TypeError) as error:
            raise UnusableKey(f"the key or certificate of {key_id} cannot be read") from error
        return cls(key_id, _usable(key), chain, valid_from, room_for_time_stamp)

    def sign(
        self,
        certificate: Certificate,
        translate: Translate,
        specimen: bool = False,
        credential: bytes | None = None,
        time_stamp: bytes | None = None,
    ) -> bytes:
        """The certificate as a signed PDF: the same bytes for the same facts, words, credential, key and release.

        A time stamp over another signature than the one that comes out is left out.
        """
        moment = max(certificate.present_since, self.valid_from)
        hole = Hole(self._length, moment, self._fingerprint)
        file = draw(certificate, translate, specimen, hole, credential)
        return self._fill(file, time_stamp)

    def signature_in(self, file: bytes) -> bytes:
        """The signature value of a file that this issuer signed: what a time stamp is asked for."""
        signed = read_signature(file)
        if signed is None:
            raise ValueError("the file has no signature of ours")
        return signed.signature

    def _fill(self, file: bytes, time_stamp: bytes | None) -> bytes:
        """Signs what surrounds the hole and puts the signature into it, in lower-case hexadecimal with zeros after."""
        marker = BYTE_RANGE % (0, 0, 0)
        place = file.index(marker)
        start = file.index(b"<", place)
        end = start + 2 * self._length + 2
        byte_range = BYTE_RANGE % (start, end, len(file) - end)
        before = file[:place] + byte_range + file[place + len(marker) : start]
        digest = hashlib.sha256(before)
        digest.update(file[end:])
        value = self._value(digest.digest(), time_stamp).hex().encode().ljust(2 * self._length, b"0")
        return b"".join([before, b"<", value, b">", file[end:]])

    def _value(self, digest: bytes, time_stamp: bytes | None) -> bytes:
        signature = self._signature(digest)
        if time_stamp and stamped_at(time_stamp, signature):
            stamped = self._form.filled(digest, signature, time_stamp)
            if len(stamped) <= self._length:
                return stamped
        return self._form.filled(digest, signature)

    def _signature(self, digest: bytes) -> bytes:
        return _raw_signature(self._key, self._form.signed_attributes(digest))


def _first_signature(key: PrivateKey, signer: x509.Certificate, others: list[x509.Certificate]) -> bytes:
    """A CMS by pyHanko, with the three signed attributes of the baseline and no signing time."""
    store = SimpleCertificateStore.from_certs([_asn1(entry) for entry in others])  # type: ignore[no-untyped-call]
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pyhanko = SimpleSigner(_asn1(signer), asn1_keys.PrivateKeyInfo.load(private), store, embed_roots=False)
    digest = hashlib.sha256(b"").digest()
    provider = SigningCertificateV2Provider(signing_cert=_asn1(signer))
    attributes = _finished(format_signed_attributes(digest, attr_provs=[provider], content_type="data"))
    signed = _finished(pyhanko.async_sign_prescribed_attributes("sha256", attributes))
    return bytes(signed.dump())


def _finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """pyHanko signs in coroutines; a thread of their own lets this be called beside a running event loop too."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def _validate(der: bytes, signer: x509.Certificate) -> None:
    """pyHanko's opinion on the first signature made from the template."""
    info = cms.ContentInfo.load(der)["content"]["signer_infos"][0]
    intact, valid = validate_sig_integrity(info, _asn1(signer), "data", hashlib.sha256(b"").digest())
    if not (intact and valid):
        raise UnusableKey("the signature on trial was not valid: key and certificate do not belong together")


def _check(key: PrivateKey, signer: x509.Certificate) -> None:
    if signer.public_key() != key.public_key():
        raise UnusableKey("the certificate belongs to another key")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < 2048:
        raise UnusableKey(f"an RSA key of {key.key_size} bits is too short; 2048 is the least")


def _usable(key: object) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in ("secp256r1", "secp384r1"):
        return key
    raise UnusableKey("the key must be P-256, P-384 or RSA")


def _raw_signature(key: PrivateKey, data: bytes) -> bytes:
    """The same for the same data: ECDSA as in RFC 6979."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _longest_signature(key: PrivateKey) -> int:
    """In bytes; an ECDSA signature is two numbers in DER, each with a sign byte at worst."""
    size = (key.key_size + 7) // 8
    return size if isinstance(key, rsa.RSAPrivateKey) else 2 * (size + 3) + 2


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
