"""Does this address lead to this very server? Asked over the network, as a visitor's browser would ask.

The question is random, and the answer a keyed hash of it: whoever does not have our key ring cannot give it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import socket
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from university.errors import NotFound
from university.keys.keyring import KeyRing
from university.language import gettext as _

SECONDS = 5
PURPOSE = "address"
_QUESTION = re.compile(r"[0-9a-f]{32}")


def answer_to(keyring: KeyRing, question: str) -> bytes:
    if not _QUESTION.fullmatch(question):
        raise NotFound(_("There is no page at this address."))
    return hmac.new(keyring.secret(PURPOSE), question.encode(), hashlib.sha256).hexdigest().encode()


def why_unreachable(base_url: str, keyring: KeyRing) -> str | None:
    """None when this server answers there; otherwise a sentence that says what did."""
    parts, question = urlsplit(base_url), secrets.token_hex(16)
    host = parts.hostname or ""
    try:
        status, body = _ask(base_url, f"{parts.path}/healthz/{question}")
    except socket.gaierror:
        return _("The name %(host)s is not known: is its DNS record there yet?") % {"host": host}
    except ConnectionRefusedError:
        return _("At %(host)s nothing listens on this port.") % {"host": host}
    except ssl.SSLError:
        return _("The certificate of %(host)s is not one that browsers accept.") % {"host": host}
    except TimeoutError:
        return _("%(host)s did not answer within %(seconds)s seconds.") % {"host": host, "seconds": SECONDS}
    except (OSError, HTTPException):
        return _("%(host)s cannot be reached from this machine.") % {"host": host}
    if status == 200 and hmac.compare_digest(body, answer_to(keyring, question)):
        return None
    return _("Something answers at %(host)s (status %(status)s), but it is not this server.") % {
        "host": host,
        "status": status,
    }


def _ask(base_url: str, path: str) -> tuple[int, bytes]:
    """Follows no redirect: the address itself must answer."""
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port
    connection = (
        HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=SECONDS)
    )
    with closing(connection):
        connection.request("GET", path, headers={"accept": "text/plain"})
        answer = connection.getresponse()
        return answer.status, answer.read(100)
