"""Browsers on which staff are signed in: 256 random bits in a cookie, known here by their hash.

Nothing but `begin` makes a session, so one that has ended stays ended whatever else is under way.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from litestar import Response
from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from university import clock
from university.accounts.devices import device_of
from university.accounts.signed_in import SignedIn, admit
from university.errors import Refused
from university.keys.secret_hashes import hashed
from university.language import gettext as _
from university.models import FULL, StaffMember, StaffSession
from university.retention import STAFF_SESSION_IDLE, STAFF_SESSION_LIFETIME
from university.serving.cookies import cookie, drop_cookie, set_cookie
from university.serving.pages import Visitor

COOKIE = "s"
# Between two notes that a browser is still there.
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Begun:
    """A new session. `secret` goes into the cookie and is kept nowhere."""

    secret: str
    csrf: str


def begin(session: Session, member: StaffMember, *, level: int, device: str) -> Begun:
    """Signs `member` in under an id nobody has chosen."""
    now = clock.now()
    begun = Begun(secrets.token_urlsafe(32), secrets.token_hex(32))
    session.add(
        StaffSession(
            id_sha256=hashed(begun.secret),
            staff_id=member.id,
            created_at=now,
            last_seen_at=now,
            auth_level=level,
            auth_at=now,
            csrf_secret=begun.csrf,
            device=device,
        )
    )
    return begun


def renew(session: Session, staff: SignedIn, *, fresh: bool) -> Begun:
    """The same session under a new id; `fresh` after a factor was shown. Raises Refused, and so undoes what was done
    under it, where the session was ended or renewed meanwhile."""
    begun = Begun(secrets.token_urlsafe(32), secrets.token_hex(32))
    values: dict[str, object] = {"id_sha256": hashed(begun.secret), "csrf_secret": begun.csrf}
    if fresh:
        values |= {"auth_level": FULL, "auth_at": clock.now()}
    renewed = update(StaffSession).where(StaffSession.id_sha256 == staff.session).values(**values)
    if session.scalar(renewed.returning(StaffSession.staff_id)) is None:
        raise Refused(_("Your sign-in ended or changed at this very moment, so nothing was done. Look, and try again."))
    return begun


def enter(request: Visitor, session: Session, begun: Begun) -> None:
    """From here on in this request, who asks is who has just signed in or been renewed: the forms of the page that
    answers it carry the token of the new session."""
    session.flush()
    found = find(session, begun.secret)
    if found:
        admit(request, found[0])


def find(session: Session, secret: str) -> tuple[SignedIn, bool] | None:
    """Who is signed in with this cookie, and whether it is time to note that the browser is still there."""
    if not secret:
        return None
    row = session.execute(
        select(StaffSession, StaffMember.name, StaffMember.roles)
        .join(StaffMember, StaffMember.id == StaffSession.staff_id)
        .where(StaffSession.id_sha256 == hashed(secret), is_alive(), StaffMember.state == "active")
    ).one_or_none()
    if row is None:
        return None
    found, name, roles = row
    member = SignedIn(
        id=found.staff_id,
        name=name,
        roles=frozenset(roles),
        csrf=found.csrf_secret,
        session=found.id_sha256,
        auth_level=found.auth_level,
        auth_at=found.auth_at,
    )
    return member, clock.now() - found.last_seen_at >= TOUCH_EVERY


def is_alive() -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        StaffSession.created_at > now - STAFF_SESSION_LIFETIME, StaffSession.last_seen_at > now - STAFF_SESSION_IDLE
    )


def touch(session: Session, id_sha256: str) -> None:
    """The browser was here just now. An update, never an insert: a session that was ended stays ended."""
    session.execute(update(StaffSession).where(StaffSession.id_sha256 == id_sha256).values(last_seen_at=clock.now()))


def of_member(session: Session, staff_id: UUID) -> list[StaffSession]:
    """Where a member is signed in, the browser used last first."""
    return list(
        session.scalars(
            select(StaffSession)
            .where(StaffSession.staff_id == staff_id, is_alive())
            .order_by(StaffSession.last_seen_at.desc())
        )
    )


def end(session: Session, *conditions: ColumnElement[bool]) -> None:
    session.execute(delete(StaffSession).where(*conditions))


def end_others(session: Session, staff: SignedIn) -> None:
    """Signs the member out everywhere but here."""
    end(session, StaffSession.staff_id == staff.id, StaffSession.id_sha256 != staff.session)


def end_all(session: Session, staff_id: UUID) -> None:
    end(session, StaffSession.staff_id == staff_id)


def secret_of(request: Visitor) -> str:
    return cookie(request, COOKIE)


def keep(response: Response[bytes], request: Visitor, secret: str) -> Response[bytes]:
    """Sets the cookie of a session that has just begun or been renewed."""
    set_cookie(response, request, COOKIE, secret, STAFF_SESSION_LIFETIME, same_site="strict")
    return response


def drop(response: Response[bytes], request: Visitor) -> Response[bytes]:
    drop_cookie(response, request, COOKIE)
    return response


def device_of_request(request: Visitor) -> str:
    return device_of(request.headers.get("user-agent", ""))
