"""Random secrets that browsers and mails carry, as the database knows them: by their hash only."""

from __future__ import annotations

import hashlib


def hashed(secret: str) -> str:
    """SHA-256, in hexadecimal. It needs neither salt nor time: what is hashed is random, and long or limited in tries.

    Whatever a browser sends has a hash; one that is no secret of ours finds nothing.
    """
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
