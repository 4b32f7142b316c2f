"""Revisions know what they restore and follow, courses what replaced them, and a publish can be planned."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("course", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("course", sa.Column("replaced_by", sa.String(length=80), nullable=True))
    op.add_column("revision", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("revision", sa.Column("restored_number", sa.Integer(), nullable=True))
    op.add_column("revision", sa.Column("source_revision_id", sa.Uuid(), nullable=True))
    op.create_table(
        "planned_revision",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("follows_source", sa.Boolean(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_planned_revision_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_planned_revision")),
    )
    op.create_index(op.f("ix_planned_revision_due_at"), "planned_revision", ["due_at"])
    op.create_table(
        "planned_file",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["planned_revision.course_id"],
            name=op.f("fk_planned_file_course_id_planned_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_planned_file_sha256_stored_file")),
        sa.PrimaryKeyConstraint("course_id", "path", name=op.f("pk_planned_file")),
    )


def downgrade() -> None:
    op.drop_table("planned_file")
    op.drop_index(op.f("ix_planned_revision_due_at"), table_name="planned_revision")
    op.drop_table("planned_revision")
    for column in ("source_revision_id", "restored_number", "reason"):
        op.drop_column("revision", column)
    for column in ("replaced_by", "archived_at"):
        op.drop_column("course", column)
