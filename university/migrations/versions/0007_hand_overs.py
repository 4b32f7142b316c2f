"""Progress can be taken to another browser: links and codes, known by their hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("token_sha256", sa.String(64)),
        sa.Column("place", sa.String(5), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("sealed_by_token", sa.String(200), nullable=False),
        sa.Column("sealed_by_code", sa.String(200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("purpose IN ('device', 'recovery')", name=op.f("ck_hand_over_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_hand_over_token_sha256")),
    )
    op.create_index(op.f("ix_hand_over_secret_sha256"), "hand_over", ["secret_sha256"])
    op.create_index(op.f("ix_hand_over_place"), "hand_over", ["place"])


def downgrade() -> None:
    op.drop_table("hand_over")
