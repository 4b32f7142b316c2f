"""The register of personal data: every column, file, cookie and log field there is, and what it is for.

It drives the table on the privacy statement, the view and the download of somebody's data, and erasure. Whoever adds
a column, cookie, file or log field declares it here; a test names the one that is missing.

`kind` is ``name`` or ``address`` (typed by a person), ``about`` (arose around a person), ``pointer`` (a random id or
hash that leads to one) or ``none``.
"""

from __future__ import annotations

from dataclasses import dataclass

from university.language import marked


@dataclass(frozen=True)
class Entry:
    """`where`: ``table.column``, ``file:pattern`` below the data folder, ``cookie:letter`` or ``log:field``.

    `label` is what people call it; several entries with one label are one thing to them. `export` is its place in
    data.json. `erase` is ``delete``, ``keep`` (leads to nobody afterwards) or ``expire`` (goes by itself within
    `keep`); `restrict` is ``hide`` where the holder may hide it.
    """

    where: str
    kind: str = "none"
    label: str = ""
    subject: str = ""
    purpose: str = ""
    basis: str = ""
    keep: str = ""
    export: str = ""
    erase: str = "keep"
    restrict: str = "show"

    @property
    def is_personal(self) -> bool:
        return self.kind != "none"


def _plain(table: str, columns: str) -> tuple[Entry, ...]:
    """Columns that say nothing about any person."""
    return tuple(Entry(f"{table}.{column}") for column in columns.split())


def _held(use: tuple[str, str, str, str], *rows: tuple[str, str, str, str], erase: str = "delete") -> tuple[Entry, ...]:
    """Entries of one use (subject, purpose, basis, keep); a row is (where, kind, label, export)."""
    return tuple(Entry(where, kind, label, *use, export, erase) for where, kind, label, export in rows)


_NUMBER = marked("number of the certificate")
_ID = marked("random identifiers that tie the records together")
_FACTS = marked("what the certificate says: course, day, number, version, outcomes")
_PROGRESS = marked("lessons done, with the day")
_ATTEMPTS = marked("quizzes and exams: questions, answers, results, times")
_MAILS = marked("which mail was sent when, and whether it arrived")
_LETTERS = marked("the mails themselves, on a trial installation only")
_LINKS = marked("links sent by mail, as a hash, with when they were made and used")
_VISITS = marked("that you opened “My data”, and when")

LOG_FIELDS = (
    *("at", "request", "method", "route", "status", "ms", "bytes", "worker", "fault"),
    *("level", "logger", "place", "message", "job", "rows", "mail"),
)

CERTIFICATE = ("holder", "certificate", "contract", "until_erased")
CLAIM = ("claimant", "confirmation", "contract", "claim")
LEARNING = ("learner", "learning", "contract", "enrolment")
MAIL = ("holder", "mail", "contract", "mail")
LINKS = ("claimant", "my_data", "legal_duty", "token")
VISIT = ("holder", "my_data", "legal_duty", "portal_session")

AWARD = "certificates[]."
PAST = "certificates[].replaced_versions[]."
ENROLMENT = "certificates[].progress."
ATTEMPT = "certificates[].progress.attempts[]."
ANSWER = "certificates[].progress.attempts[].answers[]."

REGISTER: tuple[Entry, ...] = (
    # People and certificates.
    Entry("award.first_name", "name", marked("first name"), *CERTIFICATE, AWARD + "first_name", "delete", "hide"),
    Entry("award.last_name", "name", marked("last name"), *CERTIFICATE, AWARD + "last_name", "delete", "hide"),
    *_held(
        CERTIFICATE,
        ("person.email", "address", marked("e-mail address"), "holder.email"),
        ("person.language", "about", marked("language of your mails"), "holder.language"),
        ("person.created_at", "about", marked("when your address was first confirmed"), "holder.since"),
        ("person.id", "pointer", _ID, ""),
        ("person.audit_ref", "pointer", _ID, ""),
        ("award.number", "pointer", _NUMBER, AWARD + "number"),
        ("award.version", "about", _FACTS, AWARD + "version"),
        ("award.record", "about", _FACTS, AWARD + "facts"),
        ("award.issued_at", "about", _FACTS, AWARD + "issued_at"),
        ("award.expires_on", "about", _FACTS, AWARD + "expires_on"),
        ("award.id", "pointer", _ID, ""),
        ("award.person_id", "pointer", _ID, ""),
        ("award.course_id", "about", _FACTS, AWARD + "course"),
        ("award.revision_id", "about", _FACTS, AWARD + "revision"),
        ("award.enrolment_id", "pointer", _ID, ""),
        ("replaced_version.number", "pointer", _NUMBER, AWARD + "number"),
        ("replaced_version.version", "about", _FACTS, PAST + "version"),
        ("replaced_version.person_id", "pointer", _ID, ""),
        ("replaced_version.record", "about", _FACTS, PAST + "facts"),
        ("replaced_version.replaced_on", "about", _FACTS, PAST + "replaced_on"),
        ("revocation.number", "pointer", _NUMBER, AWARD + "number"),
        ("revocation.revoked_on", "about", marked("day and kind of reason if we took it back"), AWARD + "revoked_on"),
        ("revocation.reason", "about", marked("day and kind of reason if we took it back"), AWARD + "reason"),
    ),
    *_held(
        CLAIM,
        ("claim.first_name", "name", marked("first name"), "claims[].first_name"),
        ("claim.last_name", "name", marked("last name"), "claims[].last_name"),
        ("claim.email", "address", marked("e-mail address"), "claims[].email"),
        ("claim.language", "about", marked("language of your mails"), "claims[].language"),
        ("claim.created_at", "about", marked("when you asked"), "claims[].created_at"),
        ("claim.expires_at", "about", marked("when you asked"), "claims[].expires_at"),
        ("claim.revision_id", "about", marked("for which course"), "claims[].course"),
        ("claim.id", "pointer", _ID, ""),
        ("claim.enrolment_id", "pointer", _ID, ""),
        ("claim.attempt_id", "pointer", _ID, ""),
    ),
    # Learning, under a random id.
    *_held(
        LEARNING,
        ("enrolment.id", "pointer", _ID, ""),
        ("enrolment.secret_sha256", "pointer", _ID, ""),
        ("enrolment.course_id", "about", _PROGRESS, AWARD + "course"),
        ("enrolment.started_revision_id", "about", _PROGRESS, ENROLMENT + "started_with_revision"),
        ("enrolment.requirements", "about", _PROGRESS, ENROLMENT + "requirements"),
        ("enrolment.created_at", "about", _PROGRESS, ENROLMENT + "started_at"),
        ("enrolment.last_active_at", "about", _PROGRESS, ENROLMENT + "last_active_at"),
        ("lesson_done.enrolment_id", "pointer", _ID, ""),
        ("lesson_done.lesson_id", "about", _PROGRESS, ENROLMENT + "lessons[].lesson"),
        ("lesson_done.done_at", "about", _PROGRESS, ENROLMENT + "lessons[].done_at"),
        ("attempt.id", "pointer", _ID, ""),
        ("attempt.enrolment_id", "pointer", _ID, ""),
        ("attempt.revision_id", "about", _ATTEMPTS, ATTEMPT + "revision"),
        ("attempt.quiz_id", "about", _ATTEMPTS, ATTEMPT + "quiz"),
        ("attempt.questions", "about", _ATTEMPTS, ATTEMPT + "questions"),
        ("attempt.started_at", "about", _ATTEMPTS, ATTEMPT + "started_at"),
        ("attempt.ends_at", "about", _ATTEMPTS, ATTEMPT + "ends_at"),
        ("attempt.handed_in_at", "about", _ATTEMPTS, ATTEMPT + "handed_in_at"),
        ("attempt.score", "about", _ATTEMPTS, ATTEMPT + "score"),
        ("attempt.percent", "about", _ATTEMPTS, ATTEMPT + "percent"),
        ("attempt.passed", "about", _ATTEMPTS, ATTEMPT + "passed"),
        ("answer.attempt_id", "pointer", _ID, ""),
        ("answer.question_id", "about", _ATTEMPTS, ANSWER + "question"),
        ("answer.given", "about", _ATTEMPTS, ANSWER + "given"),
        ("answer.share", "about", _ATTEMPTS, ANSWER + "share"),
        ("answer.answered_at", "about", _ATTEMPTS, ANSWER + "answered_at"),
    ),
    # Mail, links and visits.
    *_held(
        MAIL,
        ("outbox.id", "pointer", _ID, ""),
        ("outbox.person_id", "pointer", _ID, ""),
        ("outbox.claim_id", "pointer", _ID, ""),
        ("outbox.award_id", "pointer", _ID, ""),
        ("outbox.kind", "about", _MAILS, "mails[].kind"),
        ("outbox.language", "about", _MAILS, "mails[].language"),
        ("outbox.created_at", "about", _MAILS, "mails[].created_at"),
        ("outbox.next_try_at", "about", _MAILS, "mails[].next_try_at"),
        ("outbox.leased_until", "about", _MAILS, ""),
        ("outbox.tries", "about", _MAILS, "mails[].tries"),
        ("outbox.sent_at", "about", _MAILS, "mails[].sent_at"),
        ("outbox.parked_at", "about", _MAILS, "mails[].given_up_at"),
        ("outbox.last_error", "about", _MAILS, "mails[].last_error"),
        ("local_mail.id", "pointer", _ID, ""),
        ("local_mail.recipient", "address", marked("e-mail address"), "holder.email"),
        ("local_mail.received_at", "about", _MAILS, "local_mailbox[].received_at"),
        ("local_mail.message", "name", _LETTERS, "local_mailbox[].message"),
    ),
    *_held(
        ("visitor", "answer", "legal_duty", "until_sent"),
        ("outbox.address", "address", marked("e-mail address"), "mails[].address"),
    ),
    *_held(
        LINKS,
        ("token.sha256", "pointer", _LINKS, ""),
        ("token.claim_id", "pointer", _ID, ""),
        ("token.person_id", "pointer", _ID, ""),
        ("token.purpose", "about", _LINKS, "links[].purpose"),
        ("token.created_at", "about", _LINKS, "links[].created_at"),
        ("token.expires_at", "about", _LINKS, "links[].expires_at"),
        ("token.used_at", "about", _LINKS, "links[].used_at"),
    ),
    *_held(
        VISIT,
        ("portal_session.secret_sha256", "pointer", _VISITS, ""),
        ("portal_session.person_id", "pointer", _ID, ""),
        ("portal_session.claim_id", "pointer", _ID, ""),
        ("portal_session.created_at", "about", _VISITS, "visits[].opened_at"),
        ("portal_session.last_seen_at", "about", _VISITS, "visits[].last_seen_at"),
    ),
    *_held(
        ("visitor", "floods", "legitimate_interest", "day"),
        ("rate_limit.key", "pointer", marked("a count per network or address, under a scrambled code"), ""),
        ("rate_limit.arrival", "about", marked("a count per network or address, under a scrambled code"), ""),
        erase="expire",
    ),
    # What stays, and leads to nobody.
    *_held(
        ("holder", "withdrawn", "legitimate_interest", "for_good"),
        ("tombstone.number_sha256", "pointer", marked("a code made from the number of the certificate"), ""),
        ("tombstone.withdrawn_on", "about", marked("the day it was withdrawn"), ""),
        erase="keep",
    ),
    *_held(
        ("holder", "account", "legal_duty", "two_years"),
        ("audit_entry.object_ref", "pointer", marked("what was done and when, under a random identifier"), ""),
        ("receipt.id", "pointer", marked("number and dates of the receipt of your deletion"), ""),
        ("receipt.erased_on", "about", marked("number and dates of the receipt of your deletion"), ""),
        ("receipt.backups_gone_on", "about", marked("number and dates of the receipt of your deletion"), ""),
        erase="keep",
    ),
    *_held(
        ("holder", "backups", "legal_duty", "month"),
        ("file:ledger/ledger.jsonl", "pointer", marked("that you deleted your data, under a random identifier"), ""),
        erase="expire",
    ),
    *_plain("audit_entry", "seq at actor action object_kind outcome previous hash"),
    *_plain("ledger_applied", "seq applied_at"),
    # Courses: nobody's data.
    *_plain("course", "id slug status translation_of created_at revision_id"),
    *_plain("course_alias", "slug course_id"),
    *_plain("stored_file", "sha256 content"),
    *_plain("draft_file", "course_id path sha256"),
    *_plain("revision", "id course_id number sha256 published_at title summary language page facts search_text"),
    *_plain("revision_file", "revision_id path sha256"),
    *_plain("lesson", "revision_id lesson_id module_id position title minutes is_optional html page"),
    *_plain("quiz", "revision_id quiz_id kind lesson_id module_id title definition"),
    *_plain("alembic_version", "version_num"),
    # Files below the data folder. The database file holds the tables above.
    Entry("file:university.sqlite3*"),
    Entry("file:keys/*"),
    Entry("file:ledger/.lock"),
    Entry("file:static/*"),
    # Cookies, all our own and none before somebody does something.
    *_held(
        ("learner", "learning", "contract", "cookie_400_days"),
        ("cookie:e", "pointer", marked("cookie: your place in a course"), ""),
        erase="expire",
    ),
    *_held(
        ("holder", "my_data", "legal_duty", "cookie_30_minutes"),
        ("cookie:p", "pointer", marked("cookie: “My data” is open in this browser"), ""),
    ),
    *_held(
        ("visitor", "language", "legitimate_interest", "cookie_180_days"),
        ("cookie:l", "about", marked("cookie: the language you chose"), ""),
        erase="expire",
    ),
    # Log lines, from lists of fields that can say nothing about anybody.
    *(Entry(f"log:{field}") for field in LOG_FIELDS),
)


def personal(*kinds: str) -> list[Entry]:
    """The entries of these kinds, or of every kind but none."""
    return [entry for entry in REGISTER if (entry.kind in kinds if kinds else entry.is_personal)]
