"""A person may have a certificate anew once it ends; and the audit log's lists grow without rebuilding its table."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONE_EACH = ["person_id", "course_id", "revision_id"]


def upgrade() -> None:
    with op.batch_alter_table("award") as award:
        award.add_column(sa.Column("renewal", sa.Integer(), nullable=False, server_default="0"))
        award.drop_constraint(op.f("uq_award_person_id_course_id_revision_id"), type_="unique")
        award.create_unique_constraint(op.f("uq_award_person_id_course_id_revision_id_renewal"), [*ONE_EACH, "renewal"])
    freeze_awards()
    with op.batch_alter_table("audit_entry") as audit_entry:
        audit_entry.drop_constraint(op.f("ck_audit_entry_action"), type_="check")
        audit_entry.drop_constraint(op.f("ck_audit_entry_object_kind"), type_="check")


def downgrade() -> None:
    with op.batch_alter_table("audit_entry") as audit_entry:
        audit_entry.create_check_constraint(
            op.f("ck_audit_entry_object_kind"), "object_kind IN ('person', 'award', 'course', 'key', 'audit')"
        )
        audit_entry.create_check_constraint(
            op.f("ck_audit_entry_action"),
            "action IN ('issue', 'revoke', 'open_portal', 'read', 'export', 'rectify', 'restrict', 'unrestrict', "
            "'object', 'withdraw_consent', 'erase', 'publish', 'make_key', 'rotate_key', 'compromise_key', 'prune')",
        )
    with op.batch_alter_table("award") as award:
        award.drop_constraint(op.f("uq_award_person_id_course_id_revision_id_renewal"), type_="unique")
        award.create_unique_constraint(op.f("uq_award_person_id_course_id_revision_id"), ONE_EACH)
        award.drop_column("renewal")
    freeze_awards()


def freeze_awards() -> None:
    """SQLite changes a table by making it anew, and a trigger goes with the old one."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER award_is_frozen BEFORE UPDATE ON award "
            "BEGIN SELECT RAISE(ABORT, 'award records are never updated'); END"
        )
