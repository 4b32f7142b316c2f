"""The schema: migrations and models say the same, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import cast
from university.database import Database
from university.migrating import changing_schema, migrate, schema_problem
from university.models import FULL_TEXT, Award, Person, Revocation, Table
from university.settings import read_settings


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, Table.metadata) == []


def is_ours(name: str | None, kind: str, _parent: object) -> bool:
    """What SQLite makes of its own accord for a full-text table is not, and only PostgreSQL has an index for that."""
    return not (kind == "table" and (name or "").startswith(FULL_TEXT)) and name != "ix_passage_words"


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert schema_problem(database) is None


def test_a_database_of_another_schema_is_named(tmp_path: Path) -> None:
    database = Database(read_settings({"UNIVERSITY_DATA": str(tmp_path)}))
    assert "none" in (schema_problem(database) or "")


def test_a75_award_records_are_never_updated(database: Database) -> None:
    with database.writing() as session:
        cast.make_award(session)
    with pytest.raises(DBAPIError, match="never updated"), database.writing() as session:
        session.execute(text("UPDATE award SET first_name = 'Eve'"))


def test_what_stands_in_the_tables_survives_the_way_down_and_up(database: Database) -> None:
    """Making a table anew keeps its rows, those that point to them, and its trigger."""
    with database.writing() as session:
        cast.make_revocation(session, cast.make_award(session))
    with changing_schema(database) as config:
        command.downgrade(config, "0002")
    migrate(database)
    with database.writing() as session:
        kept = [session.scalar(select(func.count()).select_from(table)) for table in (Award, Revocation, Person)]
        assert kept == [1, 1, 1]
    test_a75_award_records_are_never_updated(database)


def test_a_migration_that_leaves_rows_pointing_nowhere_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        cast.make_revocation(session, cast.make_award(session))
    with pytest.raises((RuntimeError, DBAPIError)):
        forget_people(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revocation)) == 1


def forget_people(database: Database) -> None:
    with changing_schema(database) as config:
        config.attributes["connection"].execute(text("DELETE FROM person"))


def test_every_migration_can_be_undone(database: Database) -> None:
    with changing_schema(database) as config:
        command.downgrade(config, "base")
    assert "none" in (schema_problem(database) or "")
    migrate(database)
    assert schema_problem(database) is None
