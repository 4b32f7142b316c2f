"""The member of staff behind this request. Handlers ask for it: ``staff: NamedDependency[SignedIn]``."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from university import clock
from university.serving.pages import Visitor

FACTOR_IS_FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in on this browser; `csrf` is the token every POST of theirs must bring."""

    id: UUID
    name: str
    roles: frozenset[str]
    csrf: str
    session: str
    auth_level: int
    auth_at: datetime

    def has(self, *roles: str) -> bool:
        """Whether the member has one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_fresh(self) -> bool:
        """A factor was shown at most five minutes ago."""
        return clock.now() - self.auth_at <= FACTOR_IS_FRESH


_current: ContextVar[SignedIn | None] = ContextVar("signed_in", default=None)


def admit(request: Visitor, member: SignedIn) -> None:
    """From here on in this request, `member` is who asks. Only the guard of the program and `sessions.enter`
    call this."""
    request.scope["state"]["staff"] = member
    _current.set(member)


def csrf_token() -> str:
    """For forms: the token of whoever is signed in; empty on every page that is not of the staff."""
    member = _current.get()
    return member.csrf if member else ""


async def provide_staff(request: Visitor) -> SignedIn:
    """A route that asks for it stands in the table of staff routes, so the guard was here before."""
    member: SignedIn = request.scope["state"]["staff"]
    return member
