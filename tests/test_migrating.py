"""The schema: migrations and models say the same, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import cast
from university.database import Database
from university.migrating import migrate, schema_problem
from university.models import Table
from university.settings import read_settings


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert schema_problem(database) is None


def test_a_database_of_another_schema_is_named(tmp_path: Path) -> None:
    database = Database(read_settings({"UNIVERSITY_DATA": str(tmp_path)}))
    assert "none" in (schema_problem(database) or "")


def test_award_records_are_never_updated(database: Database) -> None:
    with database.writing() as session:
        cast.make_award(session)
    with pytest.raises(DBAPIError, match="never updated"), database.writing() as session:
        session.execute(text("UPDATE award SET first_name = 'Eve'"))
