"""People, their claims and their certificates."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import (
    AWARD,
    CREDENTIAL,
    FACTS,
    ID,
    NUMBER,
    PAST,
    TIME_STAMP,
    TOPICS_WANTED,
    Entry,
    held,
)

CERTIFICATE = ("holder", "certificate", "contract", "until_erased")
CLAIM = ("claimant", "confirmation", "contract", "claim")

HOLDERS: tuple[Entry, ...] = (
    Entry("award.first_name", "name", marked("first name"), *CERTIFICATE, AWARD + "first_name", "delete", "hide"),
    Entry("award.last_name", "name", marked("last name"), *CERTIFICATE, AWARD + "last_name", "delete", "hide"),
    *held(
        CERTIFICATE,
        ("person.email", "address", marked("e-mail address"), "holder.email"),
        ("person.language", "about", marked("language of your mails"), "holder.language"),
        ("person.created_at", "about", marked("when your address was first confirmed"), "holder.since"),
        ("person.id", "pointer", ID, ""),
        ("person.audit_ref", "pointer", ID, ""),
        ("person.mail_ref", "pointer", ID, ""),
        ("award.number", "pointer", NUMBER, AWARD + "number"),
        ("award.version", "about", FACTS, AWARD + "version"),
        ("award.record", "about", FACTS, AWARD + "facts"),
        ("award.issued_at", "about", FACTS, AWARD + "issued_at"),
        ("award.expires_on", "about", FACTS, AWARD + "expires_on"),
        ("award.id", "pointer", ID, ""),
        ("award.person_id", "pointer", ID, ""),
        ("award.course_id", "about", FACTS, AWARD + "course"),
        ("award.revision_id", "about", FACTS, AWARD + "revision"),
        ("award.enrolment_id", "pointer", ID, ""),
        ("award.renewal", "about", FACTS, AWARD + "renewal"),
        ("replaced_version.number", "pointer", NUMBER, AWARD + "number"),
        ("replaced_version.version", "about", FACTS, PAST + "version"),
        ("replaced_version.person_id", "pointer", ID, ""),
        ("replaced_version.record", "about", FACTS, PAST + "facts"),
        ("replaced_version.replaced_on", "about", FACTS, PAST + "replaced_on"),
        ("revocation.number", "pointer", NUMBER, AWARD + "number"),
        ("revocation.revoked_on", "about", marked("day and kind of reason if we took it back"), AWARD + "revoked_on"),
        ("revocation.reason", "about", marked("day and kind of reason if we took it back"), AWARD + "reason"),
    ),
    *held(
        CERTIFICATE,
        ("restriction.person_id", "pointer", ID, ""),
        ("restriction.restricted_at", "about", marked("since when your name is hidden"), "holder.hidden_since"),
        ("credential.number", "pointer", NUMBER, AWARD + "number"),
        ("credential.document", "pointer", CREDENTIAL, AWARD + "credential"),
        ("credential.list_number", "pointer", CREDENTIAL, ""),
        ("credential.list_index", "pointer", CREDENTIAL, ""),
        ("time_stamp.number", "pointer", NUMBER, ""),
        ("time_stamp.token", "pointer", TIME_STAMP, AWARD + "time_stamp"),
        ("time_stamp.stamped_at", "pointer", TIME_STAMP, AWARD + "stamped_at"),
    ),
    *held(
        CLAIM,
        ("claim.first_name", "name", marked("first name"), "claims[].first_name"),
        ("claim.last_name", "name", marked("last name"), "claims[].last_name"),
        ("claim.email", "address", marked("e-mail address"), "claims[].email"),
        ("claim.language", "about", marked("language of your mails"), "claims[].language"),
        ("claim.wishes", "about", TOPICS_WANTED, "claims[].wishes"),
        ("claim.created_at", "about", marked("when you asked"), "claims[].created_at"),
        ("claim.expires_at", "about", marked("when you asked"), "claims[].expires_at"),
        ("claim.revision_id", "about", marked("for which course"), "claims[].course"),
        ("claim.id", "pointer", ID, ""),
        ("claim.enrolment_id", "pointer", ID, ""),
        ("claim.attempt_id", "pointer", ID, ""),
    ),
)
