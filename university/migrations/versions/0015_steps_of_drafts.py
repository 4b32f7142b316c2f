"""Drafts remember their steps, and what lists of drafts say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_draft_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "draft_step",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("is_auto", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_draft_step_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_draft_step_staff_id_staff_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("course_id", "version", name=op.f("pk_draft_step")),
    )
    op.create_index(op.f("ix_draft_step_staff_id"), "draft_step", ["staff_id"])
    make_changes()
    # A draft that is there already has no step yet; until its first save its list line says what learners see.
    op.execute(
        "INSERT INTO draft (course_id, version, changed_at, title, language, lessons, errors, warnings, sha256) "
        "SELECT course.id, 0, course.created_at, coalesce(revision.title, course.slug), "
        "coalesce(revision.language, 'en'), 0, 0, 0, coalesce(revision.sha256, '') "
        "FROM course LEFT JOIN revision ON revision.id = course.revision_id"
    )


def make_changes() -> None:
    op.create_table(
        "draft_change",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("before_sha256", sa.String(length=64), nullable=True),
        sa.Column("after_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id", "version"],
            ["draft_step.course_id", "draft_step.version"],
            name=op.f("fk_draft_change_course_id_version_draft_step"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_sha256"], ["stored_file.sha256"], name=op.f("fk_draft_change_before_sha256_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["after_sha256"], ["stored_file.sha256"], name=op.f("fk_draft_change_after_sha256_stored_file")
        ),
        sa.PrimaryKeyConstraint("course_id", "version", "path", name=op.f("pk_draft_change")),
    )
    for column in ("before_sha256", "after_sha256"):
        op.create_index(op.f(f"ix_draft_change_{column}"), "draft_change", [column])


def downgrade() -> None:
    op.drop_table("draft_change")
    op.drop_table("draft_step")
    op.drop_table("draft")
