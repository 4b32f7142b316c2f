"""Credentials beside the awards, and the status lists that say which of them count no more."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "status_list",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_status_list")),
    )
    op.create_table(
        "status_bit",
        sa.Column("list_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_number"], ["status_list.number"], name=op.f("fk_status_bit_list_number_status_list")
        ),
        sa.PrimaryKeyConstraint("list_number", "list_index", name=op.f("pk_status_bit")),
    )
    op.create_table(
        "credential",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["award.number"], name=op.f("fk_credential_number_award"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_number", "list_index"],
            ["status_bit.list_number", "status_bit.list_index"],
            name=op.f("fk_credential_list_number_status_bit"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credential")),
        sa.UniqueConstraint("list_number", "list_index", name=op.f("uq_credential_list_number_list_index")),
    )
    if op.get_context().dialect.name == "postgresql":
        # The planner's statistics keep samples of what stands in a column, long after the row is gone.
        op.execute("ALTER TABLE credential ALTER COLUMN document SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("credential")
    op.drop_table("status_bit")
    op.drop_table("status_list")
