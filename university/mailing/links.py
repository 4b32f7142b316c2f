"""Links in mails that end mail: they never expire, are kept nowhere, and tell nobody anything.

``v1.<key>.<who>.<what>.<HMAC-SHA256, the first 128 bits>``. In a link that ends a topic, `who` is `Person.mail_ref` and
then the keyed hash of the address; in one that stops all mail to an address it is that hash alone. The hash is what
lets somebody who was erased meanwhile say "never mail me again": no row knows the address any more.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from university.keys.keyring import KeyRing
from university.models import TOPICS

KEY = "1"
NEVER = "never"
# For a mail that staff send to themselves: it ends nothing, and looks like any other.
NOBODY = UUID(int=0)

_TOKEN = re.compile(r"v1\.([0-9]{1,6})\.([0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{96})\.([a-z_]{1,24})\.([0-9a-f]{32})")


@dataclass(frozen=True)
class TopicLink:
    """`address` is the keyed hash of the address it was mailed to; empty in links of the first months."""

    mail_ref: UUID
    topic: str
    address: str = ""


def topic_token(keyring: KeyRing, mail_ref: UUID, topic: str, email: str) -> str:
    return _signed(keyring, mail_ref.hex + address_hmac(keyring, email), topic)


def never_token(keyring: KeyRing, email: str) -> str:
    return _signed(keyring, address_hmac(keyring, email), NEVER)


def read_topic(keyring: KeyRing, token: str) -> TopicLink | None:
    """Whose topic the link ends; None if we never made it. The person need not be there any more."""
    who, what = _read(keyring, token)
    if what not in TOPICS or len(who) == 64:
        return None
    return TopicLink(UUID(who[:32]), what, who[32:])


def read_never(keyring: KeyRing, token: str) -> str | None:
    """The keyed hash of the address the link was mailed to; None if we never made it."""
    who, what = _read(keyring, token)
    return who if what == NEVER and len(who) == 64 else None


def address_hmac(keyring: KeyRing, email: str) -> str:
    """HMAC-SHA256 of a clean address under a key of its own."""
    return hmac.digest(keyring.secret("suppression"), email.encode(), "sha256").hex()


def _signed(keyring: KeyRing, who: str, what: str) -> str:
    said = f"v1.{KEY}.{who}.{what}"
    return f"{said}.{_mac(keyring, KEY, said)}"


def _read(keyring: KeyRing, token: str) -> tuple[str, str]:
    found = _TOKEN.fullmatch(token)
    # Asking the key ring for a secret makes it; a name out of a link must never do that.
    if found is None or not (keyring.folder / f"unsubscribe-{found[1]}.secret").is_file():
        return "", ""
    said, _dot, mac = token.rpartition(".")
    return (found[2], found[3]) if hmac.compare_digest(mac, _mac(keyring, found[1], said)) else ("", "")


def _mac(keyring: KeyRing, key: str, said: str) -> str:
    return hmac.digest(keyring.secret(f"unsubscribe-{key}"), said.encode(), "sha256")[:16].hex()
