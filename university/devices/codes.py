"""Codes that people copy by hand: groups of five characters of Crockford's base 32, 25 bits each."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
# What people write instead: there is no letter O, I or L in a code.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make_code(groups: int) -> str:
    """Canonical: capitals without dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(groups * GROUP))


def show_code(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str | None:
    """The canonical form of what was typed, in any case and with any dashes and blanks; None if it can be no code."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum() and sign.isascii()).translate(_MEANT)
    return code if len(code) % GROUP == 0 and code and set(code) <= set(ALPHABET) else None
