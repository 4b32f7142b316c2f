"""What a publisher may decide on the publish page, each with its line in the audit log."""

from __future__ import annotations

from university.chains import audit
from university.drafting.desks import Desk
from university.drafting.draft_saving import OpenDraft
from university.errors import Refused
from university.language import gettext as _
from university.publish.forms import PublishForm
from university.revisions import planning
from university.revisions.publishing import Terms, publish_ready, ready, ready_again
from university.serving.forms import Form


def refuse_unseen(opened: OpenDraft, form: Form) -> None:
    """Nobody publishes what they have not seen: the page names the content of the draft it showed."""
    if form.one("seen") != opened.state.sha256:
        raise Refused(_("The draft was changed since you opened this page. Open it again and look at the difference."))


def publish_or_plan(desk: Desk, asked: PublishForm) -> None:
    """Raises Broken when the draft has errors, Refused when there is nothing to publish or the hour is past."""
    session, draft = desk.session, desk.draft
    terms = Terms(reason=asked.reason if asked.everybody else None, follows_source=asked.follows_source == "true")
    if asked.moment:
        desk.lock()
        planning.plan(session, draft, asked.moment, terms)
        _note(desk, "plan")
        return
    made = ready(draft.folder, draft.reading)
    course = desk.lock()
    before = course.revision_id
    if publish_ready(session, course, made, terms).id == before:
        raise Refused(_("Learners see this already: nothing in the draft is different."))
    planning.cancel(session, course)
    _note(desk, "publish")


def roll_back(desk: Desk, form: Form) -> None:
    number = form.one("number")
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        raise Refused(_("Choose one of the revisions."))
    made = ready_again(desk.looking, desk.draft.course, int(number))
    publish_ready(desk.session, desk.lock(), made, Terms(restores=int(number)))
    _note(desk, "roll_back")


def cancel_plan(desk: Desk) -> None:
    planning.cancel(desk.session, desk.lock())
    _note(desk, "cancel_plan")


def _note(desk: Desk, action: str) -> None:
    course_id = desk.draft.course.id
    audit.record(
        desk.session, actor="staff", staff_id=desk.staff.id, action=action, object_kind="course", object_ref=course_id
    )
