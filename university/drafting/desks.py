"""A member of staff at work on one course. Handlers of the editor ask for it: ``desk: NamedDependency[Desk]``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.database import Database
from university.drafting.draft_saving import Conflict, Edit, Editing, OpenDraft, lock, open_draft, save
from university.models import Course
from university.serving.pages import Visitor


@dataclass(frozen=True)
class Desk:
    """`draft` is the course as it stood when the request came, and `looking` only reads: neither keeps anybody
    waiting. `session` writes, and locks from its first statement on."""

    draft: OpenDraft
    staff: SignedIn
    looking: Session
    session: Session

    def save(self, editing: Editing) -> OpenDraft:
        """One step of the history, in this member's name; see `draft_saving.save`."""

        def signed(now: OpenDraft) -> Edit:
            edit = editing(now)
            return replace(edit, step=replace(edit.step, by=self.staff.id))

        return save(self.session, self.draft, signed)

    def lock(self) -> Course:
        """From here on nobody changes this course. Raises Conflict when somebody did since it was read."""
        if lock(self.session, self.draft):
            raise Conflict(self.draft, ())
        return self.session.get_one(Course, self.draft.course.id)


def provide_draft(request: Visitor, slug: FromPath[str]) -> OpenDraft:
    """The draft of the course in the address, read in a transaction of its own that is over by now."""
    database: Database = request.app.state.database
    with database.reading() as looking:
        return open_draft(looking, slug)


async def provide_desk(
    draft: NamedDependency[OpenDraft],
    staff: NamedDependency[SignedIn],
    looking: NamedDependency[Session],
    session: NamedDependency[Session],
) -> Desk:
    return Desk(draft, staff, looking, session)


AT_A_DESK = {"draft": Provide(provide_draft, sync_to_thread=True), "desk": Provide(provide_desk)}
