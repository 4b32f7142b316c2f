"""Courses, files, cookies and log fields."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import (
    Entry,
    held,
    plain,
)

LOG_FIELDS = (
    *("at", "request", "method", "route", "status", "ms", "bytes", "worker", "fault"),
    *("level", "logger", "place", "message", "job", "rows", "mail", "alarm", "wait", "rule", "page"),
)

REST: tuple[Entry, ...] = (
    *plain("course", "id slug status translation_of created_at revision_id archived_at replaced_by measured_minutes"),
    *plain("course_count", "course_id counted_at started finished finished_share certificates lessons exam questions"),
    *plain("course_alias", "slug course_id"),
    *plain("stored_file", "sha256 content"),
    *plain("draft_file", "course_id path sha256"),
    *plain("draft", "course_id version changed_at title language lessons errors warnings sha256"),
    *plain("draft_step", "course_id version made_at kind subject is_auto"),
    *plain("draft_change", "course_id version path before_sha256 after_sha256"),
    *plain("revision", "id course_id number sha256 published_at title summary language page facts search_text"),
    *plain("revision", "reason restored_number source_revision_id"),
    *plain("planned_revision", "course_id due_at planned_at reason follows_source failed_at"),
    *plain("planned_file", "course_id path sha256"),
    *plain("revision_file", "revision_id path sha256"),
    *plain("lesson", "revision_id lesson_id module_id position title minutes is_optional html page"),
    *plain("passage", "id revision_id lesson_id title text words"),
    *plain("quiz", "revision_id quiz_id kind lesson_id module_id title definition"),
    *plain("campaign", "id topic created_at sent_off_at recipients sent left_out given_up version"),
    *plain("campaign_text", "campaign_id language subject body"),
    *plain("status_list", "number revision changed_at"),
    *plain("status_bit", "list_number list_index is_set"),
    *plain("page_count", "page day shown"),
    *plain("setup_step", "name outcome settled_at"),
    *plain("alembic_version", "version_num"),
    # Files below the data folder. The database file holds the tables above.
    Entry("file:university.sqlite3*"),
    Entry("file:keys/*"),
    Entry("file:ledger/.*"),
    Entry("file:ledger/audit-head.json"),
    Entry("file:.in-use"),
    Entry("file:backups/*"),
    Entry("file:scratch/*"),
    Entry("file:static/*"),
    # Choices of an owner: no learner's data. The file holds the passwords of mail server and bucket.
    Entry("file:settings.env"),
    Entry("file:settings.previous.env"),
    Entry("file:.settings.lock"),
    Entry("file:look/*"),
    # Cookies, all our own and none before somebody does something.
    *held(
        ("learner", "learning", "contract", "cookie_400_days"),
        ("cookie:e", "pointer", marked("cookie: your place in a course"), ""),
        erase="expire",
    ),
    *held(
        ("holder", "my_data", "legal_duty", "cookie_30_minutes"),
        ("cookie:p", "pointer", marked("cookie: “My data” is open in this browser"), ""),
    ),
    *held(
        ("visitor", "language", "legitimate_interest", "cookie_180_days"),
        ("cookie:l", "about", marked("cookie: the language you chose"), ""),
        erase="expire",
    ),
    *held(
        ("visitor", "statistics", "consent", "cookie_182_days"),
        ("cookie:consent", "about", marked("cookie: whether you agreed to be counted"), ""),
        erase="expire",
    ),
    # Log lines, from lists of fields that can say nothing about anybody.
    *(Entry(f"log:{field}") for field in LOG_FIELDS),
)
