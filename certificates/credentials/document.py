"""A certificate as an Open Badges 3.0 credential (W3C Verifiable Credentials 2.0), without its proofs and any name.

It travels into wallets that nobody can call back: the holder is in it only as a salted hash of the e-mail address.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from certificates.certificate import Certificate, Course
from certificates.credentials.canonical import CREDENTIALS, OPEN_BADGES
from certificates.credentials.json_text import Document
from certificates.credentials.wording import BADGE, PUBLIC_PAGE, narrative
from certificates.number import show_number
from certificates.rendering.labels import Labels, Translate

PURPOSE = "revocation"


@dataclass(frozen=True)
class StatusEntry:
    """A place in a status list: the list's address, and the index of the bit."""

    list_address: str
    index: int


def _untranslated(text: str) -> str:
    return text


def credential(
    certificate: Certificate,
    *,
    issuer_did: str,
    subject_id: str,
    salt: str,
    email: str,
    status: StatusEntry | None,
    translate: Translate = _untranslated,
) -> Document:
    """The credential of this version of the certificate, ready to be signed.

    `subject_id` and `salt` are fresh for each version (`make_subject_id`, `make_salt`). Only a specimen has no status.
    """
    labels, base = Labels(translate), _base(certificate)
    title, issued = certificate.course.certificate_title, show_moment(certificate.issued_at)
    caption = labels.say(BADGE, title=title, issuer=certificate.issuer.name)
    issuer = {"id": issuer_did, "type": ["Profile"], "name": certificate.issuer.name, "url": base}
    document: Document = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": credential_id(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "image": {"id": f"{certificate.address}.svg", "type": "Image", "caption": caption},
        "issuer": issuer,
        "validFrom": issued,
        **_end(certificate),
        "awardedDate": issued,
        "credentialSubject": {
            "id": subject_id,
            "type": ["AchievementSubject"],
            "identifier": [_identity(email, salt)],
            "achievement": _achievement(certificate, labels),
        },
        "evidence": [{"id": certificate.address, "type": ["Evidence"], "name": labels.say(PUBLIC_PAGE)}],
    }
    return {**document, "credentialStatus": _status(status)} if status else document


def credential_id(certificate: Certificate) -> str:
    """Its address; from the second version on with the version behind it."""
    address = f"{_base(certificate)}/credentials/{show_number(certificate.number)}"
    return f"{address}#{certificate.version}" if certificate.version > 1 else address


def make_salt() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


def make_subject_id() -> str:
    """A name for the holder that is linked to nothing."""
    return UUID(bytes=secrets.token_bytes(16), version=4).urn


def identity_hash(email: str, salt: str) -> str:
    """A pseudonym: who holds the credential can test an address against it (Open Badges 3.0, IdentityObject)."""
    return "sha256$" + hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()


def show_moment(moment: datetime) -> str:
    """In UTC, whole seconds: 2026-11-14T09:30:00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_moment(text: str) -> datetime:
    """What `show_moment` gives; a ValueError for any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _base(certificate: Certificate) -> str:
    return certificate.issuer.url.rstrip("/")


def _end(certificate: Certificate) -> Document:
    """The last second of the last valid day."""
    return {"validUntil": f"{certificate.expires_on.isoformat()}T23:59:59Z"} if certificate.expires_on else {}


def _identity(email: str, salt: str) -> Document:
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityType": "emailAddress",
        "salt": salt,
        "identityHash": identity_hash(email, salt),
    }


def _achievement(certificate: Certificate, labels: Labels) -> Document:
    course = certificate.course
    address = f"{_base(certificate)}/courses/{course.slug}"
    return {
        "id": f"{address}#revision-{course.revision}",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": course.certificate_title,
        "description": course.summary or course.certificate_title,  # Open Badges wants one
        "criteria": {"id": address, "narrative": narrative(certificate, labels)},
        "inLanguage": course.language,
        "version": str(course.revision),
        **_skills(course),
    }


def _skills(course: Course) -> Document:
    aligned = [
        {"type": ["Alignment"], "targetName": skill.name, "targetUrl": skill.uri}
        for skill in course.skills
        if skill.uri
    ]
    tags = {"tag": [skill.name for skill in course.skills]} if course.skills else {}
    return {**tags, "alignment": aligned} if aligned else tags


def _status(status: StatusEntry) -> Document:
    return {
        "id": f"{status.list_address}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(status.index),
        "statusListCredential": status.list_address,
    }
