"""The same deletion from the command line, and the two checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text

from tests import cast
from university.chains import audit
from university.chains.ledger import open_ledger, own_file
from university.chains.ledger_copy import FILE_NAME
from university.cli import main
from university.commands.rights import carry_out_ledger
from university.database import Database
from university.models import Person
from university.rights import erasure, receipts
from university.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The `university` command on this test's installation."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "UNIVERSITY_DATA": str(settings.data),
        "UNIVERSITY_DATABASE_URL": settings.database_url,
        "UNIVERSITY_TESTING": "1",
    }
    return lambda *words, **more: CliRunner(env=environment).invoke(main, list(words), **more)


def people(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_the_operator_erases_on_a_written_request(database: Database, settings: Settings, ada: UUID, run: Run) -> None:
    done = run("erase", "Ada@Example.org", "--yes")
    assert done.exit_code == 0, done.output
    assert people(database) == 0
    assert "Deleted. Certificates withdrawn: 1. Gone from backups: 20" in done.stderr
    kind, facts = receipts.read(open_ledger(settings).keyring, done.stdout.strip())
    assert (kind, facts["certificates_withdrawn"]) == (receipts.FINISHED, 1)
    again = run("erase", "ada@example.org", "--yes")
    assert again.exit_code == 1
    assert "Nothing is held about this address" in again.output


def test_without_yes_it_asks_first(database: Database, ada: UUID, run: Run) -> None:
    assert run("erase", "ada@example.org", input="n\n").exit_code == 1
    assert people(database) == 1
    assert run("erase", "ada@example.org", input="y\n").exit_code == 0
    assert people(database) == 0


def test_what_is_no_address_is_refused(database: Database, run: Run) -> None:
    assert run("erase", "ada at home", "--yes").exit_code == 2


def test_the_checks_give_one_line_or_name_what_is_broken(
    database: Database, settings: Settings, ada: UUID, run: Run
) -> None:
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    with database.writing() as session:
        audit.record(session, actor="worker", action="prune", object_kind="audit", object_ref="0" * 64)
    assert "whole, up to record 1." in run("ledger", "check").output
    assert "whole" in run("audit", "check").output
    with database.writing() as session:
        session.execute(text("UPDATE audit_entry SET actor = 'staff' WHERE seq = 1"))
    broken = run("audit", "check")
    assert (broken.exit_code, "line 1" in broken.output) == (1, True)
    path = own_file(settings).path
    path.write_bytes(path.read_bytes().replace(b'"erase"', b'"erode"'))
    broken = run("ledger", "check")
    assert (broken.exit_code, "record 1" in broken.output) == (1, True)


def test_a_ledger_that_was_lost_is_noticed(database: Database, settings: Settings, ada: UUID, run: Run) -> None:
    erasure.erase(database, open_ledger(settings), settings, cast.ADA[2], actor="holder")
    own_file(settings).path.unlink()
    broken = run("ledger", "check")
    assert (broken.exit_code, "record 1" in broken.output) == (1, True)
    with pytest.raises(Exception, match="Nothing is served"):
        carry_out_ledger(database, settings)


def test_the_second_copy_is_complete_before_the_receipt(
    database: Database, settings: Settings, ada: UUID, tmp_path: Path
) -> None:
    copied = settings.model_copy(update={"ledger_copy": str(tmp_path / "elsewhere")})
    done = erasure.erase(database, open_ledger(copied), copied, cast.ADA[2], actor="holder")
    assert done.is_finished
    assert (tmp_path / "elsewhere" / FILE_NAME).read_bytes() == own_file(copied).path.read_bytes()


def test_a_late_copy_delays_the_receipt(database: Database, settings: Settings, ada: UUID, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("no folder")
    copied = settings.model_copy(update={"ledger_copy": str(tmp_path / "elsewhere")})
    done = erasure.erase(database, open_ledger(copied), copied, cast.ADA[2], actor="holder")
    assert not done.is_finished
    assert people(database) == 0
    (tmp_path / "elsewhere").unlink()
    assert erasure.finish(database.engine, open_ledger(copied))
