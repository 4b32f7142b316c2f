"""Lines of the audit log say which request they belong to; earlier lines say nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("request_id", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entry", "request_id")
