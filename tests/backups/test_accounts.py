"""What a restore does to the accounts of the staff: nobody comes back who was shut out since."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text

from tests import crew
from tests.conftest import only_on
from university import clock
from university.accounts import members
from university.accounts.members import has_factors
from university.backups.making import FOLDER, back_up
from university.backups.restoring import restore
from university.chains import audit
from university.cli import main
from university.database import Database
from university.models import OWNER, AuditEntry, StaffMember, StaffPasskey
from university.settings import Settings


def add_passkey(session: object, member: StaffMember) -> None:
    values = {"credential_id": member.id.bytes, "public_key": b"key", "sign_count": 0, "label": "Key"}
    session.add(StaffPasskey(staff_id=member.id, created_at=clock.now(), **values))  # type: ignore[attr-defined]


@pytest.fixture
def file(database: Database, settings: Settings) -> Path:
    """A backup in which Olga owns, and Grace, Pia and Priya work with a passkey each."""
    with database.writing() as session:
        for who in crew.CAST:
            add_passkey(session, crew.make_member(session, who))
    return settings.data / FOLDER / back_up(database, settings)[0].name


def change_everybody(database: Database) -> None:
    """After the backup: Grace is disabled, Pia loses her passkey, Priya becomes an owner, and Vera joins under the
    address that was Pia's, who has another one."""
    with database.writing() as session:
        grace, pia, priya, olga = (crew.make_member(session, who) for who in crew.CAST)
        members.disable(session, grace, by=olga.id)
        session.execute(delete(StaffPasskey).where(StaffPasskey.staff_id == pia.id))
        members.change_roles(session, priya, [OWNER], by=olga.id)
        pia.email = "pia.new@example.org"
        session.flush()
        vera = {"name": "Vera", "email": "pia@example.org", "roles": ["editor"], "created_at": clock.now()}
        session.add(StaffMember(**vera))


def accounts(database: Database) -> dict[str, tuple[str, str, list[str], bool]]:
    with database.reading() as session:
        found = session.scalars(select(StaffMember)).all()
        return {one.name: (one.email, one.state, one.roles, has_factors(session, one.id)) for one in found}


def test_accounts_stay_as_they_are_now(database: Database, settings: Settings, file: Path) -> None:
    change_everybody(database)
    before = accounts(database)
    assert before["Grace"][1] == "disabled"
    database.close()
    done = restore(settings, file)
    assert accounts(database) == before
    assert (done.accounts.as_now, list(done.accounts.active)) == (True, ["Olga", "Pia", "Priya", "Vera"])


def test_an_account_that_only_the_backup_knows_is_disabled(database: Database, settings: Settings, file: Path) -> None:
    """As on a new machine, where Olga made herself an account before the backup was fetched."""
    with database.writing() as session:
        session.execute(delete(StaffMember))
        crew.make_member(session, "olga")
    database.close()
    restore(settings, file)
    states = {name: state for name, (_email, state, *_rest) in accounts(database).items()}
    assert states == {"Olga": "active", "Grace": "disabled", "Pia": "disabled", "Priya": "disabled"}


def test_without_the_database_of_now_only_owners_come_back(database: Database, settings: Settings, file: Path) -> None:
    with database.writing() as session:
        session.execute(text("DROP TABLE staff_recovery_code"))
    database.close()
    done = restore(settings, file)
    assert (done.accounts.as_now, list(done.accounts.active)) == (False, ["Olga"])
    assert list(done.accounts.disabled) == ["Grace", "Pia", "Priya"]
    with database.writing() as session:
        assert audit.check(session) is None
        trail = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert trail == ["disable"] * 3 + ["restore"]
        grace, olga = crew.make_member(session, "grace"), crew.make_member(session, "olga")
        members.enable(session, grace, by=olga.id)
    assert accounts(database)["Grace"][1:] == ("active", ["editor"], True)


@only_on("sqlite")
def test_the_command_says_who_may_sign_in(database: Database, settings: Settings, file: Path) -> None:
    run = CliRunner(env={"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_BASE_URL": settings.base_url})
    database.close()
    said = run.invoke(main, ["restore", str(file), "--yes"]).output
    assert "staff accounts: as they were before the restore; 4 may sign in" in said
    (settings.data / "university.sqlite3").unlink()
    said = run.invoke(main, ["restore", str(file), "--yes"]).output
    assert "Owners may sign in: Olga\ndisabled until an owner enables them: Grace, Pia, Priya\n" in said
