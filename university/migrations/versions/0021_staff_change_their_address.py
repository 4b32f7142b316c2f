"""Invitations are mailed, and members of staff change their own address."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_invitation", sa.Column("mailed_sha256", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_staff_invitation_mailed_sha256"), "staff_invitation", ["mailed_sha256"], unique=True)
    op.create_table(
        "staff_address_change",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_staff_address_change_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_address_change")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_address_change_email")),
        sa.UniqueConstraint("sha256", name=op.f("uq_staff_address_change_sha256")),
    )
    op.create_index(op.f("ix_staff_address_change_expires_at"), "staff_address_change", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_address_change_expires_at"), table_name="staff_address_change")
    op.drop_table("staff_address_change")
    op.drop_index(op.f("ix_staff_invitation_mailed_sha256"), table_name="staff_invitation")
    op.drop_column("staff_invitation", "mailed_sha256")
