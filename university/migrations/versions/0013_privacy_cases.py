"""Requests about somebody's data that a person has to look at."""

import sqlalchemy as sa
from alembic import op

from university.models import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "'access', 'correction', 'erasure', 'restriction', 'objection', 'other'"
OUTCOMES = "'granted', 'refused', 'not_needed', 'erased'"


def upgrade() -> None:
    op.create_table(
        "privacy_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("contact", sa.String(254)),
        sa.Column("certificate", sa.String(16)),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("proposed", sa.String(12)),
        sa.Column("first_staff_id", sa.Uuid()),
        sa.Column("second_staff_id", sa.Uuid()),
        sa.Column("closed_at", Moment()),
        sa.Column("outcome", sa.String(12)),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_privacy_case_kind")),
        sa.CheckConstraint(f"proposed IN ({OUTCOMES})", name=op.f("ck_privacy_case_proposed")),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_privacy_case_outcome")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_privacy_case_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_case")),
        sa.UniqueConstraint("number", name=op.f("uq_privacy_case_number")),
    )
    for column in ("contact", "certificate", "person_id"):
        op.create_index(op.f(f"ix_privacy_case_{column}"), "privacy_case", [column])


def downgrade() -> None:
    op.drop_table("privacy_case")
