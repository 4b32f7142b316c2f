"""One line of history of the schema, for SQLite and PostgreSQL alike."""
