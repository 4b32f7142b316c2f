"""How often pages were shown, to visitors who agreed to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_count",
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("page", "day", name=op.f("pk_page_count")),
    )


def downgrade() -> None:
    op.drop_table("page_count")
