"""The certificate as a file: drawn from the frozen facts each time it is asked for, stored nowhere."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from certificates.certificate import Certificate, Course, Holder, IssuedBy
from certificates.credentials import credential, credential_json, did_key, make_salt, make_subject_id
from certificates.keys import PublicAuthority, PublicKey, PublicKeys
from certificates.number import SPECIMEN_NUMBER
from certificates.rendering import Labels, Translate, draw
from certificates.rendering.labels import SPECIMEN
from certificates.signing import CredentialKey, Issuer, make_authority

DESIGN = "compass-1"  # the design of new certificates; a changed artwork gets a new name

_SIGNATURES_DIFFER_BY = 48_000  # bytes; and the file may be anybody's, so no larger one is searched
_SIGNATURE = re.compile(rb"\n\d{1,9} 0 obj\n<</Type /Sig /Filter .{0,60000}?\nendobj\n", re.S)


def _untranslated(text: str) -> str:
    return text


def render(
    certificate: Certificate,
    issuer: Issuer | None = None,
    translate: Translate = _untranslated,
    specimen: bool = False,
    attached: str | None = None,
    time_stamp: bytes | None = None,
) -> bytes:
    """One A4 page as PDF, signed when there is an issuer. The same bytes for the same arguments and release.

    `attached` is the signed credential of this version, as `credential_json` wrote it; it is embedded. `time_stamp`
    is a token over the signature, as `read_time_stamp` gave it; without one that fits, the signature has none.
    `translate` is the gettext function of the labels' language. Text that cannot be set raises Unprintable; `misfits`
    and `unprintable` say so before a certificate is issued.
    """
    attachment = attached.encode() if attached else None
    if issuer:
        return issuer.sign(certificate, translate, specimen, attachment, time_stamp)
    return draw(certificate, translate, specimen, credential=attachment)


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


@dataclass(frozen=True)
class SpecimenKeys:
    """Throw-away keys, and the public list with which a specimen can be checked."""

    issuer: Issuer
    credential_key: CredentialKey
    public: PublicKeys

    def credential(self, certificate: Certificate, translate: Translate = _untranslated) -> str:
        """The specimen's credential: of nobody's address, in no status list."""
        document = credential(
            certificate,
            issuer_did=did_key(self.credential_key.multikey),
            subject_id=make_subject_id(),
            salt=make_salt(),
            email="",
            status=None,
            translate=translate,
        )
        document["name"] = f"{Labels(translate).say(SPECIMEN).upper()} – {document['name']}"
        return credential_json(self.credential_key.sign(document, certificate.issued_at))


def make_specimen_keys(issued_by: IssuedBy, at: datetime) -> SpecimenKeys:
    """Fresh keys that are in no key ring."""
    authority = make_authority("Specimen", at)
    key, credential_key = authority.make_signer("specimen", at), CredentialKey.make("specimen-credential")
    issuer = Issuer.load(key.id, key.private_key, key.certificate)
    listed = (
        PublicKey(key.id, "pdf", issuer.valid_from, certificate=issuer.certificate),
        PublicKey(credential_key.key_id, "credential", issuer.valid_from, multibase=credential_key.multikey),
    )
    root = PublicAuthority("specimen-ca", authority.certificate.decode())
    public = PublicKeys(issued_by.name, issued_by.url, listed, (root,), did_key(credential_key.multikey))
    return SpecimenKeys(issuer, credential_key, public)


def _without_signature(file: bytes) -> bytes:
    """The objects of the file but the signature; without the offsets and the identity after them."""
    body, _, _ = file.partition(b"\nxref\n")
    return _SIGNATURE.sub(b"\n", body)
