"""What staff see of a course's learners, and how long lessons really take, is counted by a job and kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "course_count",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.Integer(), nullable=True),
        sa.Column("finished", sa.Integer(), nullable=True),
        sa.Column("finished_share", sa.Integer(), nullable=True),
        sa.Column("certificates", sa.Integer(), nullable=True),
        sa.Column("lessons", JSON, nullable=False),
        sa.Column("exam", JSON, nullable=True),
        sa.Column("questions", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_count_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_count")),
    )
    op.add_column("course", sa.Column("measured_minutes", JSON, nullable=True))
    op.create_index(op.f("ix_enrolment_course_id"), "enrolment", ["course_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_enrolment_course_id"), table_name="enrolment")
    op.drop_column("course", "measured_minutes")
    op.drop_table("course_count")
