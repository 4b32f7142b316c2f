"""“My data” for the gallery: with a name that is shown and one that is hidden, every decision, receipts, every mail."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import show_number
from tests import cast
from tests.mailing.test_every_mail import FROM_MEMORY, enqueued
from tests.static import static_files
from university import clock, tokens
from university.app import make_templates
from university.backups import attesting
from university.chains.ledger import open_ledger
from university.commands.working import WRITERS
from university.database import Database
from university.deletion.receipt_words import receipt_paper
from university.keys.keyring import open_keyring
from university.language import LANGUAGES, speaking
from university.mailing.mail import Letter, drawn
from university.migrating import migrate
from university.models import Award, Course, Person, Receipt
from university.rights import portal, receipts
from university.rights.erasure import Erasure
from university.rights.restricting import hide_name
from university.settings import Settings, read_settings

DONE = Erasure(
    receipt_id="5d1b8e0f6a2c4e7f9b3d1c5a7e9f0b2d",
    erased_at=clock.now().replace(microsecond=0),
    deleted={"award": 2, "claim": 1, "enrolment": 2, "attempt": 7, "outbox": 5, "token": 3, "portal_session": 1},
    withdrawn=2,
    ledger_seq=412,
    ledger_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    is_finished=True,
)
OLD_RECEIPT = "0c9a7b5d3e1f4a6c8b0d2e4f6a8c0b1d"


def prepare_rights(session: Session, settings: Settings, course: Course) -> tuple[dict[str, str], dict[str, str]]:
    """Addresses of what was made, and the secrets of two open visits."""
    vera, cleo = (holder(session, course, who) for who in ("vera", "cleo"))
    hide_name(session, open_ledger(settings), vera, actor="holder")
    for topic in ("newsletter", "status_updates"):
        cast.make_consent(session, cleo, topic)
    cast.make_case(session, cleo)
    today = clock.now().date()
    for id_, age in ((DONE.receipt_id, 0), (OLD_RECEIPT, 30)):
        erased_on = today - timedelta(days=age)
        session.add(Receipt(id=id_, erased_on=erased_on, backups_gone_on=erased_on + timedelta(days=21)))
    attesting.attest(session, settings, clock.now())
    number = session.scalars(select(Award.number).where(Award.person_id == cleo.id)).one()
    receipt = receipts.sign(open_keyring(settings), DONE, settings)
    under_way = receipts.sign(open_keyring(settings), replace(DONE, is_finished=False), settings)
    name = f"/privacy/my-data/name/{show_number(number)}"
    pages = {"name": name, "receipt": receipt, "receipt under way": under_way}
    return pages, {"vera": visit(session, vera), "cleo": visit(session, cleo)}


def holder(session: Session, course: Course, who: str) -> Person:
    person = cast.make_person(session, f"{who}@example.org")
    cast.make_award(session, person, course, first_name=who.capitalize(), last_name="Oosterwijk")
    return person


def visit(session: Session, person: Person) -> str:
    token = tokens.make(session, tokens.PORTAL, person_id=person.id, lifetime=timedelta(minutes=5))
    return portal.open_with(session, token)


def every_mail(folder: Path) -> Iterator[tuple[str, str]]:
    """The HTML part of each kind in each language, from a database of its own."""
    settings = read_settings({"UNIVERSITY_DATA": str(folder / "mails"), "UNIVERSITY_TESTING": "1"})
    database = Database(settings)
    migrate(database)
    templates = make_templates(settings, static_files(), cast.make_keyring(settings))
    for kind in (*WRITERS, *FROM_MEMORY):
        for code in LANGUAGES:
            with database.session(reading=False) as session, speaking(code):
                if kind in FROM_MEMORY:
                    letter: Letter | None = Letter("ada@example.org", "Your data is deleted", *FROM_MEMORY[kind])
                else:
                    letter = WRITERS[kind](session, enqueued(session, kind, settings), settings)
                assert letter is not None
                yield f"letter-{kind}-{code}", drawn(letter, settings, templates)[1]
    database.close()


def draw_receipts(settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    """The receipt on paper in each language: a name, and the picture made of it."""
    receipt = receipts.sign(open_keyring(settings), DONE, settings)
    for code in LANGUAGES:
        name = f"receipt-paper-{code}"
        with speaking(code):
            _kind, said = receipts.read(open_keyring(settings), receipt)
            (folder / f"{name}.pdf").write_bytes(receipt_paper(receipt, said, settings))
        subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", f"{name}.pdf", name], check=True, cwd=folder)
        yield name, f"{name}.png"
