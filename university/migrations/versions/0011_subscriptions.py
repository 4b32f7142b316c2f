"""Topics people may subscribe to, with the proof of their consent, and the campaigns that go there."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TOPIC = "topic IN ('product_updates', 'subprocessor_changes', 'status_updates', 'newsletter')"
LIVE = sa.text("withdrawn_at IS NULL")
WAITING = sa.text("sent_at IS NULL AND parked_at IS NULL")
ONE_OF_TWO = "(person_id IS NULL) <> (claim_id IS NULL)"
ONE_OF_THREE = (
    "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END) + "
    "(CASE WHEN sign_up_id IS NULL THEN 0 ELSE 1 END) = 1"
)
# What may never change in a consent, and that it ends once.
KEPT = (
    "NEW.id = OLD.id AND NEW.person_id = OLD.person_id AND NEW.topic = OLD.topic "
    "AND NEW.wording_version = OLD.wording_version AND NEW.wording_sha256 = OLD.wording_sha256 "
    "AND NEW.language = OLD.language AND NEW.given_at = OLD.given_at AND NEW.method = OLD.method "
    "AND NEW.confirmed_at = OLD.confirmed_at AND OLD.withdrawn_at IS NULL"
)


def upgrade() -> None:
    make_campaigns()
    make_consents()
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wishes", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("email", name=op.f("uq_sign_up_email")),
    )
    op.create_index(op.f("ix_sign_up_expires_at"), "sign_up", ["expires_at"])
    op.create_table(
        "suppression",
        sa.Column("address_hmac", sa.String(length=64), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("address_hmac", name=op.f("pk_suppression")),
    )
    with op.batch_alter_table("claim") as claim:
        claim.add_column(sa.Column("wishes", JSON, nullable=True))
    extend_outbox()
    name_people_in_mails()
    extend_links()
    if op.get_context().dialect.name == "postgresql":
        # The planner's statistics keep samples of what stands in a column, long after the row is gone.
        op.execute("ALTER TABLE sign_up ALTER COLUMN email SET STATISTICS 0")


def make_campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_off_at", MOMENT, nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("given_up", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(TOPIC, name=op.f("ck_campaign_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "campaign_text",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_text_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "language", name=op.f("pk_campaign_text")),
    )


def make_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("wording_version", sa.String(length=10), nullable=False),
        sa.Column("wording_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_through", sa.String(length=12), nullable=True),
        sa.CheckConstraint("method IN ('claim', 'sign_up', 'portal')", name=op.f("ck_consent_method")),
        sa.CheckConstraint(TOPIC, name=op.f("ck_consent_topic")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_withdrawn_at"), "consent", ["withdrawn_at"])
    op.create_index(
        "ix_consent_live", "consent", ["person_id", "topic"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "bounce",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('bounce', 'complaint')", name=op.f("ck_bounce_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bounce_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
    )
    op.create_index(op.f("ix_bounce_person_id"), "bounce", ["person_id"])
    op.create_index(op.f("ix_bounce_received_at"), "bounce", ["received_at"])
    keep_consents()


def keep_consents() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER consent_is_kept BEFORE UPDATE ON consent WHEN NOT ({KEPT}) "
            "BEGIN SELECT RAISE(ABORT, 'a consent is never changed; it ends once'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION consent_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a consent is never changed; it ends once'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER consent_is_kept BEFORE UPDATE ON consent FOR EACH ROW WHEN (NOT ({KEPT})) "
            "EXECUTE FUNCTION consent_is_kept()"
        )


def extend_outbox() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("sign_up_id", sa.Uuid(), nullable=True))
        outbox.add_column(sa.Column("campaign_id", sa.Uuid(), nullable=True))
        outbox.drop_index("ix_outbox_next_try_at")
        outbox.create_index(op.f("ix_outbox_sign_up_id"), ["sign_up_id"])
        outbox.create_index("ix_outbox_waiting", ["next_try_at"], sqlite_where=WAITING, postgresql_where=WAITING)
        outbox.create_unique_constraint(op.f("uq_outbox_campaign_id_person_id"), ["campaign_id", "person_id"])
        outbox.create_foreign_key(op.f("fk_outbox_sign_up_id"), "sign_up", ["sign_up_id"], ["id"], ondelete="CASCADE")
        outbox.create_foreign_key(
            op.f("fk_outbox_campaign_id"), "campaign", ["campaign_id"], ["id"], ondelete="CASCADE"
        )


def name_people_in_mails() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("mail_ref", sa.Uuid(), nullable=True))
    people = sa.table("person", sa.column("id", sa.Uuid()), sa.column("mail_ref", sa.Uuid()))
    for (person_id,) in op.get_bind().execute(sa.select(people.c.id)).all():
        op.get_bind().execute(people.update().where(people.c.id == person_id).values(mail_ref=uuid4()))
    with op.batch_alter_table("person") as person:
        person.alter_column("mail_ref", existing_type=sa.Uuid(), nullable=False)
        person.create_unique_constraint(op.f("uq_person_mail_ref"), ["mail_ref"])


def extend_links() -> None:
    with op.batch_alter_table("portal_session") as portal_session:
        portal_session.add_column(sa.Column("sign_up_id", sa.Uuid(), nullable=True))
        portal_session.create_index(op.f("ix_portal_session_sign_up_id"), ["sign_up_id"])
        portal_session.create_foreign_key(
            op.f("fk_portal_session_sign_up_id"), "sign_up", ["sign_up_id"], ["id"], ondelete="CASCADE"
        )
        portal_session.drop_constraint(op.f("ck_portal_session_one_subject"), type_="check")
        portal_session.create_check_constraint(op.f("ck_portal_session_one_subject"), ONE_OF_THREE)
    with op.batch_alter_table("token") as token:
        token.add_column(sa.Column("sign_up_id", sa.Uuid(), nullable=True))
        token.create_index(op.f("ix_token_sign_up_id"), ["sign_up_id"])
        token.drop_constraint(op.f("ck_token_purpose"), type_="check")
        token.create_check_constraint(op.f("ck_token_purpose"), "purpose IN ('claim', 'sign_up', 'portal')")


def downgrade() -> None:
    op.execute("DELETE FROM token WHERE purpose = 'sign_up' OR sign_up_id IS NOT NULL")
    with op.batch_alter_table("token") as token:
        token.drop_constraint(op.f("ck_token_purpose"), type_="check")
        token.create_check_constraint(op.f("ck_token_purpose"), "purpose IN ('claim', 'portal')")
        token.drop_index(op.f("ix_token_sign_up_id"))
        token.drop_column("sign_up_id")
    op.execute("DELETE FROM portal_session WHERE sign_up_id IS NOT NULL")
    with op.batch_alter_table("portal_session") as portal_session:
        portal_session.drop_constraint(op.f("ck_portal_session_one_subject"), type_="check")
        portal_session.create_check_constraint(op.f("ck_portal_session_one_subject"), ONE_OF_TWO)
        portal_session.drop_constraint(op.f("fk_portal_session_sign_up_id"), type_="foreignkey")
        portal_session.drop_index(op.f("ix_portal_session_sign_up_id"))
        portal_session.drop_column("sign_up_id")
    with op.batch_alter_table("person") as person:
        person.drop_constraint(op.f("uq_person_mail_ref"), type_="unique")
        person.drop_column("mail_ref")
    op.execute("DELETE FROM outbox WHERE sign_up_id IS NOT NULL OR campaign_id IS NOT NULL")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("fk_outbox_campaign_id"), type_="foreignkey")
        outbox.drop_constraint(op.f("fk_outbox_sign_up_id"), type_="foreignkey")
        outbox.drop_constraint(op.f("uq_outbox_campaign_id_person_id"), type_="unique")
        outbox.drop_index("ix_outbox_waiting")
        outbox.drop_index(op.f("ix_outbox_sign_up_id"))
        outbox.create_index("ix_outbox_next_try_at", ["next_try_at"])
        outbox.drop_column("campaign_id")
        outbox.drop_column("sign_up_id")
    with op.batch_alter_table("claim") as claim:
        claim.drop_column("wishes")
    for table in ("bounce", "consent", "campaign_text", "campaign", "suppression", "sign_up"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consent_is_kept")
