"""Daily signed statements that no backup is older than 21 days."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attestation",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_attestation")),
    )


def downgrade() -> None:
    op.drop_table("attestation")
