"""Consents keep the digest of the privacy statement they were given under."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# What may never change in a consent, and that it ends once.
KEPT = (
    "NEW.id = OLD.id AND NEW.person_id = OLD.person_id AND NEW.topic = OLD.topic "
    "AND NEW.wording_version = OLD.wording_version AND NEW.wording_sha256 = OLD.wording_sha256 "
    "AND NEW.language = OLD.language AND NEW.given_at = OLD.given_at AND NEW.method = OLD.method "
    "AND NEW.confirmed_at = OLD.confirmed_at AND OLD.withdrawn_at IS NULL"
)
STATEMENT = " AND COALESCE(NEW.statement_sha256, '') = COALESCE(OLD.statement_sha256, '')"


def upgrade() -> None:
    let_go()
    op.add_column("consent", sa.Column("statement_sha256", sa.String(length=64), nullable=True))
    keep(KEPT + STATEMENT)


def downgrade() -> None:
    let_go()
    op.drop_column("consent", "statement_sha256")
    keep(KEPT)


def let_go() -> None:
    on = "" if op.get_context().dialect.name == "sqlite" else " ON consent"
    op.execute(f"DROP TRIGGER consent_is_kept{on}")


def keep(what: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER consent_is_kept BEFORE UPDATE ON consent WHEN NOT ({what}) "
            "BEGIN SELECT RAISE(ABORT, 'a consent is never changed; it ends once'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER consent_is_kept BEFORE UPDATE ON consent FOR EACH ROW WHEN (NOT ({what})) "
            "EXECUTE FUNCTION consent_is_kept()"
        )
