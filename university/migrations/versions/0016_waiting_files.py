"""Files of other systems wait an hour for the word of whoever looked at them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_file",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_waiting_file_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_waiting_file")),
        sa.UniqueConstraint("id", name=op.f("uq_waiting_file_id")),
    )
    op.create_index(op.f("ix_waiting_file_made_at"), "waiting_file", ["made_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_waiting_file_made_at"), table_name="waiting_file")
    op.drop_table("waiting_file")
