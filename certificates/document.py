"""The certificate as a file: drawn from the frozen facts each time it is asked for, stored nowhere."""

import re
from datetime import date, datetime

from certificates.certificate import Certificate, Course, Holder, IssuedBy
from certificates.keys import PublicAuthority, PublicKey, PublicKeys
from certificates.number import SPECIMEN_NUMBER
from certificates.rendering import Translate, draw
from certificates.signing import Issuer, make_authority

DESIGN = "compass-1"  # the design of new certificates; a changed artwork gets a new name

_SIGNATURES_DIFFER_BY = 20_000  # bytes; and the file may be anybody's, so no larger one is searched
_SIGNATURE = re.compile(rb"\n\d{1,9} 0 obj\n<</Type /Sig /Filter .{0,40000}?\nendobj\n", re.S)


def _untranslated(text: str) -> str:
    return text


def render(
    certificate: Certificate,
    issuer: Issuer | None = None,
    translate: Translate = _untranslated,
    specimen: bool = False,
) -> bytes:
    """One A4 page as PDF, signed when there is an issuer. The same bytes for the same arguments and release.

    `translate` is the gettext function of the labels' language. Text that cannot be set raises Unprintable; `misfits`
    and `unprintable` say so before a certificate is issued.
    """
    if issuer:
        return issuer.sign(certificate, translate, specimen)
    return draw(certificate, translate, specimen)


def same_drawing(file: bytes, drawn: bytes) -> bool:
    """Whether two files of one record differ in nothing but who signed them and when.

    Tells whether a file under a key that proves nothing any more still says what the record says: render the record
    with the present key and compare.
    """
    if abs(len(file) - len(drawn)) > _SIGNATURES_DIFFER_BY:
        return False
    return _without_signature(file) == _without_signature(drawn)


def make_specimen(
    holder: Holder, course: Course, issued_by: IssuedBy, at: datetime, expires_on: date | None = None
) -> Certificate:
    """A certificate that is none: its number is never issued, and the page says so."""
    return Certificate(SPECIMEN_NUMBER, 1, at, expires_on, DESIGN, holder, course, issued_by)


def make_specimen_issuer(issued_by: IssuedBy, at: datetime) -> tuple[Issuer, PublicKeys]:
    """A throw-away key for specimens, and the public list with which one can be checked."""
    authority = make_authority("Specimen", at)
    key = authority.make_signer("specimen", at)
    issuer = Issuer.load(key.id, key.private_key, key.certificate)
    public = PublicKey(key.id, "pdf", issuer.valid_from, certificate=issuer.certificate)
    root = PublicAuthority("specimen-ca", authority.certificate.decode())
    return issuer, PublicKeys(issued_by.name, issued_by.url, (public,), (root,))


def _without_signature(file: bytes) -> bytes:
    """The objects of the file but the signature; without the offsets and the identity after them."""
    body, _, _ = file.partition(b"\nxref\n")
    return _SIGNATURE.sub(b"\n", body)
