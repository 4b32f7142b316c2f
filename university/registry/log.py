"""The audit log, the newest first: what was done to what, under references that lead nowhere by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.language import gettext as _, marked
from university.models import AuditEntry, StaffMember

LINES = 100

# What the closed lists of the log call things, in words.
WORDS = {
    "holder": marked("the holder"),
    "operator": marked("on the server"),
    "staff": marked("a former member"),
    "worker": marked("the program"),
    "done": marked("done"),
    "refused": marked("refused"),
    "failed": marked("failed"),
    "person": marked("person"),
    "award": marked("certificate"),
    "account": marked("account"),
    "course": marked("course"),
    "key": marked("key"),
    "audit": marked("log"),
    "backup": marked("backup"),
    "case": marked("privacy case"),
    "campaign": marked("mail to subscribers"),
    "enrolment": marked("learner"),
    "settings": marked("settings"),
    "issue": marked("issued"),
    "revoke": marked("taken back"),
    "publish": marked("published"),
    "plan": marked("planned"),
    "cancel_plan": marked("plan dropped"),
    "roll_back": marked("rolled back"),
    "archive": marked("archived"),
    "reopen": marked("reopened"),
    "open_portal": marked("opened “My data”"),
    "read": marked("looked at"),
    "export": marked("downloaded"),
    "rectify": marked("name corrected"),
    "restrict": marked("name hidden"),
    "unrestrict": marked("name shown again"),
    "object": marked("objected"),
    "withdraw_consent": marked("consent withdrawn"),
    "erase": marked("everything deleted"),
    "make_key": marked("key made"),
    "rotate_key": marked("key replaced"),
    "import_key": marked("key brought in"),
    "compromise_key": marked("key declared stolen"),
    "prune": marked("old lines removed"),
    "restore": marked("backup put back"),
    "reissue": marked("issued anew"),
    "resend": marked("mail sent again"),
    "invite_class": marked("class asked to confirm"),
    "send_campaign": marked("mail to subscribers sent"),
    "give_time": marked("extra time given or taken back"),
    "open_case": marked("case opened"),
    "decide": marked("case decided"),
    "close_case": marked("case closed"),
    "invite": marked("invited"),
    "join": marked("joined"),
    "sign_in": marked("signed in"),
    "change_factors": marked("sign-in changed"),
    "change_roles": marked("roles changed"),
    "change_address": marked("address changed"),
    "disable": marked("account closed"),
    "enable": marked("account opened again"),
    "reset": marked("sign-in reset"),
    "change_settings": marked("settings changed"),
    "show_recovery_key": marked("recovery key shown"),
    "keep_recovery_key": marked("recovery key kept elsewhere"),
}


@dataclass(frozen=True)
class LogPage:
    """`names` of the members of staff by their id as it stands in the lines; `older` is where the next page begins."""

    lines: Sequence[AuditEntry]
    names: dict[str, str]
    older: int | None


def said(word: str) -> str:
    """A word of the log for people; whoever has no account any more is "staff", and as the thing it was done to
    that is an "account"."""
    return _(WORDS.get(word, word.replace("_", " ")))


def page_before(session: Session, before: str) -> LogPage:
    """A page of lines before the line `before`, as somebody typed it; nonsense begins at the end of the log."""
    asked = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(LINES + 1)
    if before.isascii() and before.isdecimal() and len(before) < 18:
        asked = asked.where(AuditEntry.seq < int(before))
    lines = session.scalars(asked).all()
    ids = {line.staff_id for line in lines if line.staff_id}
    members = session.scalars(select(StaffMember).where(StaffMember.id.in_(ids)))
    return LogPage(
        lines[:LINES], {str(one.id): one.name for one in members}, lines[LINES - 1].seq if lines[LINES:] else None
    )
