"""Every table, one module per part of the journey.

Ids are UUIDv7 unless they are a hash or a public number; moments end in ``_at`` and are aware UTC; days end in
``_on``. Personal columns are few and on purpose: `Person.email`, the names of `Claim` and `Award`, `Claim.email`,
`Outbox.address`, the local mailbox, name and address of the staff; the register of personal data declares every
column there is.
"""

from university.models.accountability import (
    AUDIT_ACTIONS,
    AUDIT_ACTORS,
    AUDIT_OBJECTS,
    AUDIT_OUTCOMES,
    AuditEntry,
    JobRun,
    LedgerApplied,
    Receipt,
)
from university.models.courses import (
    Course,
    CourseAlias,
    DraftFile,
    Lesson,
    PlannedFile,
    PlannedRevision,
    Quiz,
    Revision,
    RevisionFile,
    StoredFile,
)
from university.models.credentials import StatusBit, StatusList, StoredCredential, TimeStamp
from university.models.holders import REASONS, Award, Claim, Person, ReplacedVersion, Revocation, Tombstone
from university.models.learning import Answer, Attempt, Enrolment, HandOver, LessonDone
from university.models.mails import LocalMail, Outbox
from university.models.secrets import PortalSession, RateLimit, Token
from university.models.staff import (
    EDITOR,
    FULL,
    OWNER,
    PRIVACY_OFFICER,
    PUBLISHER,
    ROLES,
    SETTING_UP,
    StaffChallenge,
    StaffInvitation,
    StaffMember,
    StaffPasskey,
    StaffRecoveryCode,
    StaffSession,
)
from university.models.tables import Json, Moment, Table, new_id

__all__ = [
    "AUDIT_ACTIONS",
    "AUDIT_ACTORS",
    "AUDIT_OBJECTS",
    "AUDIT_OUTCOMES",
    "EDITOR",
    "FULL",
    "OWNER",
    "PRIVACY_OFFICER",
    "PUBLISHER",
    "REASONS",
    "ROLES",
    "SETTING_UP",
    "Answer",
    "Attempt",
    "AuditEntry",
    "Award",
    "Claim",
    "Course",
    "CourseAlias",
    "DraftFile",
    "Enrolment",
    "HandOver",
    "JobRun",
    "Json",
    "LedgerApplied",
    "Lesson",
    "LessonDone",
    "LocalMail",
    "Moment",
    "Outbox",
    "Person",
    "PlannedFile",
    "PlannedRevision",
    "PortalSession",
    "Quiz",
    "RateLimit",
    "Receipt",
    "ReplacedVersion",
    "Revision",
    "RevisionFile",
    "Revocation",
    "StaffChallenge",
    "StaffInvitation",
    "StaffMember",
    "StaffPasskey",
    "StaffRecoveryCode",
    "StaffSession",
    "StatusBit",
    "StatusList",
    "StoredCredential",
    "StoredFile",
    "Table",
    "TimeStamp",
    "Token",
    "Tombstone",
    "new_id",
]
