"""What a publisher may decide on the publish page, each with its line in the audit log."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from university.chains import audit
from university.drafting.draft_saving import OpenDraft
from university.errors import Refused
from university.language import gettext as _
from university.publish.forms import PublishForm
from university.revisions import planning
from university.revisions.publishing import Terms, publish, publish_again
from university.serving.forms import Form


def refuse_unseen(opened: OpenDraft, form: Form) -> None:
    """Nobody publishes what they have not seen: the page names the version of the draft it showed."""
    if form.one("version") != str(opened.state.version):
        raise Refused(_("The draft was changed since you opened this page. Open it again and look at the difference."))


def publish_or_plan(session: Session, opened: OpenDraft, asked: PublishForm, by: UUID) -> None:
    """Raises Broken when the draft has errors, Refused when there is nothing to publish or the hour is past."""
    terms = Terms(reason=asked.reason if asked.everybody else None, follows_source=asked.follows_source == "true")
    if asked.moment:
        planning.plan(session, opened.course, asked.moment, terms)
        _note(session, opened, "plan", by)
        return
    before = opened.course.revision_id
    revision = publish(session, opened.course, terms)
    if revision.id == before:
        raise Refused(_("Learners see this already: nothing in the draft is different."))
    planning.cancel(session, opened.course)
    _note(session, opened, "publish", by)


def roll_back(session: Session, opened: OpenDraft, form: Form, by: UUID) -> None:
    number = form.one("number")
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        raise Refused(_("Choose one of the revisions."))
    publish_again(session, opened.course, int(number))
    _note(session, opened, "roll_back", by)


def cancel_plan(session: Session, opened: OpenDraft, by: UUID) -> None:
    planning.cancel(session, opened.course)
    _note(session, opened, "cancel_plan", by)


def _note(session: Session, opened: OpenDraft, action: str, by: UUID) -> None:
    audit.record(session, actor="staff", staff_id=by, action=action, object_kind="course", object_ref=opened.course.id)
