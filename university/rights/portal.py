"""“My data” opened in one browser, for a short while, by a link from the mailbox it is about."""

from __future__ import annotations

import secrets
from datetime import timedelta

from litestar import Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from university import clock, limits, tokens
from university.chains import audit
from university.errors import Forbidden
from university.keys.secret_hashes import hashed
from university.language import gettext as _
from university.mailing.mail import enqueue
from university.models import Claim, Person, PortalSession, SignUp, Token
from university.retention import PORTAL_SESSION_IDLE, PORTAL_SESSION_LIFETIME
from university.rights import held
from university.rights.held import Subject
from university.serving.cookies import cookie, drop_cookie, set_cookie
from university.serving.pages import Visitor
from university.settings import Settings

LINK_LIFETIME = timedelta(minutes=10)
MAIL = "my_data"
COOKIE = "p"


def ask_for_link(session: Session, settings: Settings, email: str, language: str) -> None:
    """Has a mail sent to `email`. Nothing here looks whether anything is held about it: the worker will."""
    if limits.by_address(settings, session, "portal", email):
        enqueue(session, MAIL, language=language, address=email)


def open_with(session: Session, token: str) -> str:
    """Uses the link up and opens the portal; returns the secret for the cookie."""
    used = tokens.use(session, tokens.PORTAL, token)
    subject = _subject(session, used)
    if subject is None:
        raise tokens.already_used(tokens.PORTAL)
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    visit = PortalSession(secret_sha256=hashed(secret), created_at=now, last_seen_at=now)
    visit.person_id, visit.claim_id, visit.sign_up_id = used.person_id, used.claim_id, used.sign_up_id
    session.add(visit)
    note(session, subject, "open_portal")
    return secret


def keep(response: Response[bytes], request: Visitor, secret: str) -> None:
    """Sets the cookie that ends with the visit."""
    set_cookie(response, request, COOKIE, secret, PORTAL_SESSION_LIFETIME)


def visitor(request: Visitor, session: Session) -> Subject | None:
    """Whose data this browser may see now; None when “My data” was never opened in it or its time is over.

    That the visit goes on is noted in a transaction of its own, since looking at a page writes nothing else.
    """
    subject = _visiting(session, _secret_of(request))
    if subject and request.method == "GET":
        with request.app.state.database.writing() as noting:
            _touch(noting, _secret_of(request))
    return subject


def must_be_open(request: Visitor, session: Session) -> Subject:
    """The same for an act, which is refused when the visit is over."""
    subject = _visiting(session, _secret_of(request))
    if subject is None:
        raise Forbidden(_("Your visit is over. Ask for a new link to see your data again."))
    _touch(session, _secret_of(request))
    return subject


def close(response: Response[bytes], request: Visitor, session: Session) -> None:
    visit = session.get(PortalSession, hashed(_secret_of(request)))
    if visit:
        session.delete(visit)
    drop_cookie(response, request, COOKIE)


def note(session: Session, subject: Subject, action: str) -> None:
    """A line in the audit log. An address nobody confirmed has no reference of its own: its claim or sign-up stands
    for it."""
    who = subject.person.audit_ref if subject.person else [*subject.claim_ids, *subject.sign_up_ids][0]
    audit.record(session, actor="holder", action=action, object_kind="person", object_ref=who)


def _secret_of(request: Visitor) -> str:
    return cookie(request, COOKIE)


def _visiting(session: Session, secret: str) -> Subject | None:
    now = clock.now()
    visit = session.scalar(
        select(PortalSession).where(
            PortalSession.secret_sha256 == hashed(secret),
            PortalSession.created_at > now - PORTAL_SESSION_LIFETIME,
            PortalSession.last_seen_at > now - PORTAL_SESSION_IDLE,
        )
    )
    return _subject(session, visit) if visit else None


def _touch(session: Session, secret: str) -> None:
    """The browser was here just now. An update, never an insert: a session that was closed stays closed."""
    session.execute(
        update(PortalSession).where(PortalSession.secret_sha256 == hashed(secret)).values(last_seen_at=clock.now())
    )


def _subject(session: Session, owned: PortalSession | Token) -> Subject | None:
    """Token and portal session belong to a person, or to a claim or sign-up while nobody confirmed its address."""
    owner: Person | Claim | SignUp | None = None
    if owned.person_id:
        owner = session.get(Person, owned.person_id)
    elif owned.claim_id:
        owner = session.get(Claim, owned.claim_id)
    elif owned.sign_up_id:
        owner = session.get(SignUp, owned.sign_up_id)
    return held.find(session, owner.email) if owner else None
