"""Certificates for people who took a course in a classroom: a list becomes claims, and everybody confirms their own
address. Nothing is issued here, and nothing of a list is kept that has a mistake in it."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Container, Sequence
from dataclasses import dataclass
from io import StringIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import make_holder, name_fits
from university import clock, limits
from university.accounts.signed_in import SignedIn
from university.addresses import clean_email
from university.awarding.claim_making import make_claim
from university.awarding.printed_names import printable_name
from university.chains import audit
from university.errors import Refused
from university.keys.secret_hashes import hashed
from university.language import choose_language, gettext as _
from university.mailing.mail import enqueue
from university.models import Course, Enrolment, Revision
from university.settings import Settings

MOST = 500
COLUMNS = ("first_name", "last_name", "email")
# What a spreadsheet calls the last of them, letters only.
ADDRESS_COLUMN = {
    *("email", "mail", "emailaddress", "mailaddress", "address"),
    *("emailadres", "mailadres", "adres", "emailadresse", "mailadresse", "adresse", "courriel", "correo"),
}


@dataclass(frozen=True)
class Invited:
    """One clean line of the list."""

    line: int
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class Mistake:
    """What is wrong in one line; `column` as it is called in the list, empty where it is the line as a whole."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True)
class ClassList:
    people: Sequence[Invited]
    mistakes: Sequence[Mistake]

    @property
    def may_be_sent(self) -> bool:
        return bool(self.people) and not self.mistakes


def courses_with_certificate(session: Session) -> list[tuple[str, str]]:
    """(slug, title) of every open course that gives one."""
    rows = session.execute(
        select(Course.slug, Revision.title, Revision.facts)
        .join(Revision, Revision.id == Course.revision_id)
        .where(Course.status == "published")
        .order_by(Revision.title)
    )
    return [(row.slug, row.title) for row in rows if row.facts["certificate"]["enabled"]]


def read_class(text: str, language: str) -> ClassList:
    """The dry run: every line read and checked, nothing changed. `language` is the course's.

    Three columns, separated by commas, semicolons or tabs; a first line with their names may stand above.
    """
    try:
        lines = _lines(text)
    except csv.Error:  # a quotation mark that is never closed takes the rest of the list into one cell
        return ClassList([], [Mistake(1, "", _("This cannot be read as a table. Look for quotation marks too many."))])
    people: dict[str, Invited] = {}
    mistakes: list[Mistake] = []
    for line, cells in lines[:MOST]:
        found = _read_line(line, cells, language, people)
        if isinstance(found, Invited):
            people[found.email] = found
        else:
            mistakes += found
    if len(lines) > MOST:
        mistakes.append(Mistake(lines[MOST][0], "", _("At most %(most)s people at once.") % {"most": MOST}))
    return ClassList(list(people.values()), mistakes)


def invite_class(session: Session, settings: Settings, slug: str, people: Sequence[Invited], staff: SignedIn) -> int:
    """One claim and one mail each. Returns how many mails were put into the outbox: an address that was asked often
    today gets none, and neither the list nor the answer tells whether it is known."""
    course = session.scalar(select(Course).where(Course.slug == slug))
    if course is None or course.revision_id is None or course.status != "published":
        raise Refused(_("This course is not open."))
    revision = session.get_one(Revision, course.revision_id)
    if not revision.facts["certificate"]["enabled"]:
        raise Refused(_("This course gives no certificate."))
    for person in people:
        if limits.by_address(settings, session, "claim", person.email):
            _invite(session, course, revision, person)
    audit.record(
        session, actor="staff", staff_id=staff.id, action="invite_class", object_kind="course", object_ref=course.id
    )
    return len(people)


def _invite(session: Session, course: Course, revision: Revision, person: Invited) -> None:
    now = clock.now()
    enrolment = Enrolment(
        secret_sha256=hashed(secrets.token_urlsafe(32)),  # no browser has it
        course_id=course.id,
        started_revision_id=revision.id,
        requirements=dict(revision.page["requirements"]),
        created_at=now,
        last_active_at=now,
    )
    session.add(enrolment)
    session.flush()
    claim = make_claim(
        session,
        enrolment_id=enrolment.id,
        attempt_id=None,
        revision_id=revision.id,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        language=choose_language(None, "", revision.language),
    )
    enqueue(session, "confirm", language=claim.language, claim_id=claim.id)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    # Some spreadsheets still end lines as the first Macintosh did.
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = plain.partition("\n")[0]
    separator = next((sign for sign in ("\t", ";") if sign in first), ",")
    rows = csv.reader(StringIO(plain), delimiter=separator)
    lines = [(rows.line_num, [cell.strip() for cell in cells]) for cells in rows if any(cell.strip() for cell in cells)]
    return lines[1:] if lines and _is_heading(lines[0][1]) else lines


def _is_heading(cells: Sequence[str]) -> bool:
    """Whether these are names of columns. A first person whose address has a mistake is none, and must not be lost."""
    last = "".join(letter for letter in cells[-1].casefold() if letter.isalpha())
    return last in ADDRESS_COLUMN


def _read_line(line: int, cells: list[str], language: str, seen: Container[str]) -> Invited | list[Mistake]:
    if len(cells) != len(COLUMNS):
        return [Mistake(line, "", _("Three columns are needed: first name, last name, e-mail."))]
    readers = (printable_name, printable_name, clean_email)
    clean: dict[str, str] = {}
    mistakes = []
    for column, reader, cell in zip(COLUMNS, readers, cells, strict=True):
        try:
            clean[column] = reader(cell)
        except ValueError as problem:
            mistakes.append(Mistake(line, column, str(problem)))
    if mistakes:
        return mistakes
    if clean["email"] in seen:
        return [Mistake(line, "email", _("This address stands in the list twice."))]
    if not name_fits(make_holder(clean["first_name"], clean["last_name"], language), language):
        return [Mistake(line, "last_name", _("Together these names are too long for the certificate."))]
    return Invited(line, **clean)
