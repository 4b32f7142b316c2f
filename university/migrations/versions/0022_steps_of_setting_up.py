"""Which steps of setting the installation up are done or skipped."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setup_step",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name IN ('who', 'look', 'address', 'mail', 'backups')", name=op.f("ck_setup_step_name")),
        sa.CheckConstraint("outcome IN ('done', 'skipped')", name=op.f("ck_setup_step_outcome")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setup_step")),
    )


def downgrade() -> None:
    op.drop_table("setup_step")
