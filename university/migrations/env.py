"""Alembic's entry: the same settings as the program, one line of history for both engines."""

from typing import Any, Literal

from alembic import context

from university.database import Database
from university.migrating import changing_schema
from university.models import Moment, Table
from university.settings import read_settings


def rendered(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Migrations stand on their own: our column type is written as what the database sees."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=Table.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=rendered,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with changing_schema(Database(read_settings())) as config:
        run(config.attributes["connection"])
