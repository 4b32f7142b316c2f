"""Rate limits, exact across threads, processes and machines: one statement per limit, in the shared database.

The generic cell rate algorithm keeps one number per limited thing, its theoretical arrival time: a limit of `burst`
events with one more every `t` seconds lets an event through while that time stays within ``now + burst * t``. What
is limited is known by a keyed hash only, and the key is another one every day.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from university import clock
from university.addresses import canonical_mailbox
from university.database import Database
from university.errors import TooMany
from university.keys.keyring import open_keyring
from university.language import ngettext
from university.models import RateLimit
from university.serving.pages import Visitor, settings_of
from university.settings import Settings

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Limit:
    """`burst` events at once, then `count` in every `seconds`."""

    burst: int
    count: int
    seconds: int


def per(count: int, seconds: int) -> Limit:
    return Limit(count, count, seconds)


# A class of thirty sits behind one address of the network: what is limited there is sized for that.
BY_NETWORK: dict[str, tuple[Limit, ...]] = {
    "claim": (Limit(40, 120, HOUR),),
    "portal": (per(10, HOUR),),
    "subscribe": (per(10, HOUR),),
    "case": (per(10, HOUR),),
    "unknown_number": (per(20, MINUTE),),
    "file_check": (per(20, MINUTE),),
    "many": (per(10, MINUTE),),
    "preview": (Limit(60, 1200, HOUR),),
    "answer": (Limit(60, 600, HOUR),),
    "device": (Limit(40, 120, HOUR),),
    "code": (Limit(40, 120, HOUR),),
    "sign_in": (per(10, 5 * MINUTE),),
    "second_factor": (per(10, 5 * MINUTE),),
    "passkey": (per(10, 5 * MINUTE),),
    "passkey_question": (per(30, 5 * MINUTE),),
    "invitation": (per(10, 5 * MINUTE),),
}
BY_ADDRESS: dict[str, tuple[Limit, ...]] = {
    "claim": (per(1, 10 * MINUTE), per(3, DAY)),
    "portal": (per(3, HOUR), per(6, DAY)),
    "subscribe": (per(2, DAY),),
    # What is beyond has to wait, and never longer than for the next try: nobody can lock an account.
    "sign_in": (per(10, 5 * MINUTE),),
    "second_factor": (per(5, 5 * MINUTE), per(20, HOUR), per(50, DAY)),
    "case": (per(2, DAY),),
    "staff_address": (per(5, DAY),),
}
FOR_EVERYBODY: dict[str, tuple[Limit, ...]] = {
    "claim": (per(200, HOUR),),
    "portal": (per(100, HOUR),),
    "subscribe": (per(100, HOUR),),
    "sign_in": (per(100, 5 * MINUTE),),
}

# The database's clock decides, for there is one database and many machines.
_NOW = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
}
_LATER = {"sqlite": "max", "postgresql": "greatest"}
# In the second half "now" is excluded.arrival - :each. A time further ahead than the limit can reach was written
# before the clock was put back; it counts for nothing. The thousandth absorbs the rounding of floats.
_SPEND = """
INSERT INTO rate_limit (key, arrival) VALUES (:key, {now} + :each)
ON CONFLICT (key) DO UPDATE
SET arrival = CASE WHEN rate_limit.arrival > excluded.arrival - :each + :most + 1 THEN excluded.arrival
                   ELSE {later}(rate_limit.arrival + :each, excluded.arrival) END
WHERE {later}(rate_limit.arrival, excluded.arrival - :each) <= excluded.arrival + :most - 2 * :each + 0.001
   OR rate_limit.arrival > excluded.arrival - :each + :most + 1
RETURNING arrival
"""
_WAIT = "SELECT arrival + :each - :most - {now} FROM rate_limit WHERE key = :key"


def by_network(request: Visitor, where: Database | Session, action: str) -> None:
    """Counts one `action` of the visitor's network; raises TooMany with Retry-After when that was one too many.

    Pass the Database where the count must outlive a refused request, the request's own session where it writes.
    """
    seconds = _spend(where, settings_of(request), f"network:{action}", request.scope["state"]["client"], BY_NETWORK)
    if seconds:
        raise _too_many(seconds)


def by_account(settings: Settings, where: Database | Session, action: str, email: str) -> None:
    """Counts one `action` for the account behind a clean address, whether or not there is one; raises TooMany."""
    seconds = _spend(where, settings, f"address:{action}", canonical_mailbox(email), BY_ADDRESS)
    if seconds:
        raise _too_many(seconds)


def by_address(settings: Settings, where: Database | Session, action: str, email: str) -> bool:
    """Counts one `action` for the mailbox behind a clean address. False when that was one too many: then the visitor
    is answered exactly as if all went well."""
    return not _spend(where, settings, f"address:{action}", canonical_mailbox(email), BY_ADDRESS)


def by_everybody(settings: Settings, where: Database | Session, action: str) -> int:
    """Counts one `action` of the whole installation. Seconds to wait, 0 when it may go ahead."""
    return _spend(where, settings, f"everybody:{action}", "", FOR_EVERYBODY)


def forget_address(settings: Settings, session: Session, email: str) -> None:
    """Deletes what was counted for the mailbox behind a clean address."""
    today = clock.now().date()
    keys = [
        _key(settings, f"address:{action}:{place}:{canonical_mailbox(email)}", day)
        for action, limits in BY_ADDRESS.items()
        for place in range(len(limits))
        for day in (today, today - timedelta(days=1))
    ]
    session.execute(delete(RateLimit).where(RateLimit.key.in_(keys)))


def _too_many(seconds: int) -> TooMany:
    minutes = math.ceil(seconds / MINUTE)
    sentence = ngettext(
        "That was a lot at once. Please try again in a minute.",
        "That was a lot at once. Please try again in %(n)s minutes.",
        minutes,
    )
    return TooMany(sentence % {"n": minutes}, seconds=seconds)


def _spend(
    where: Database | Session, settings: Settings, scope: str, who: str, table: dict[str, tuple[Limit, ...]]
) -> int:
    """Counts one event under every limit of `scope`. Whole seconds to wait for the first that refuses, else 0."""
    with _session(where) as session:
        for place, limit in enumerate(table[scope.partition(":")[2]]):
            wait = _spend_one(session, settings, _key(settings, f"{scope}:{place}:{who}"), limit)
            if wait:
                return wait
    return 0


def _spend_one(session: Session, settings: Settings, key: str, limit: Limit) -> int:
    engine = session.get_bind().dialect.name
    each = limit.seconds / limit.count / settings.limits_factor
    values = {"key": key, "each": each, "most": each * max(1.0, limit.burst * settings.limits_factor)}
    if session.execute(text(_SPEND.format(now=_NOW[engine], later=_LATER[engine])), values).first():
        return 0
    wait: float | None = session.execute(text(_WAIT.format(now=_NOW[engine])), values).scalar()
    return max(1, math.ceil(wait or 0))


def _key(settings: Settings, what: str, day: date | None = None) -> str:
    """What is limited, as a hash under the key of the day, which is today unless told."""
    secret = open_keyring(settings).secret("limits")
    of_day = hmac.digest(secret, (day or clock.now().date()).isoformat().encode(), "sha256")
    return hmac.new(of_day, what.encode(), hashlib.sha256).hexdigest()


@contextmanager
def _session(where: Database | Session) -> Iterator[Session]:
    if isinstance(where, Session):
        yield where
    else:
        with where.writing() as session:
            yield session
