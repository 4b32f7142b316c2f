"""People may hide their name."""

import sqlalchemy as sa
from alembic import op

from university.models import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restriction",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("restricted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_restriction_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_restriction")),
    )


def downgrade() -> None:
    op.drop_table("restriction")
