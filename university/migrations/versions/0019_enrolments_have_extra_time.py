"""Staff give single learners more time in exams."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("extra_time", sa.String(length=4), nullable=True))


def downgrade() -> None:
    op.drop_column("enrolment", "extra_time")
