"""An enrolment remembers where in a lesson reading stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as enrolment:
        enrolment.add_column(sa.Column("place", sa.String(300)))


def downgrade() -> None:
    with op.batch_alter_table("enrolment") as enrolment:
        enrolment.drop_column("place")
