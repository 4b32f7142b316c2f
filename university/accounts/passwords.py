"""Passwords: which are taken, and hashing them (argon2id), a few at a time and never while a transaction is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from university.errors import Unavailable
from university.language import gettext as _

SHORTEST, LONGEST = 12, 200
# Judging takes the square of the length.
JUDGED = 72
AT_ONCE, IN_LINE = 2, 8
# Of 0 to 4: what falls below is found within a hundred million guesses, by lists of leaked passwords and words.
STRONG_ENOUGH = 3

# 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# Checked when there is nobody to check: the same work for an address we do not know. Of 32 random bytes.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$IxIHEOKJfkYYfTBO412KYQ$yjMg7Jy3F2skSgADcPdWsiNptzosk+lCBpEjsFW81gw"

_working = BoundedSemaphore(AT_ONCE)
_in_line = Semaphore(AT_ONCE + IN_LINE)


class PasswordProblem(ValueError):
    """A password that protects nobody; the text is for whoever chose it."""


def clean_password(password: str, about: Iterable[str]) -> str:
    """The password as chosen. `about` are words anybody would try for this person: name, address, site.

    Length and guessability decide, never which kinds of characters there are. Raises PasswordProblem.
    """
    if len(password) < SHORTEST:
        raise PasswordProblem(_("A password here has at least 12 characters. Four or five words in a row do well."))
    if len(password) > LONGEST:
        raise PasswordProblem(_("A password here has at most 200 characters."))
    if zxcvbn(password[:JUDGED], user_inputs=list(about))["score"] < STRONG_ENOUGH:
        raise PasswordProblem(
            _("This password is among the first that are tried. Four or five words in a row do well.")
        )
    return password


def hash_of(secret: str) -> str:
    with _turn():
        return _HASHER.hash(secret)


def fits(secret: str, known_hash: str | None) -> bool:
    """Whether `secret` is what was hashed. Without a hash it takes as long, and is never right."""
    with _turn():
        try:
            return _HASHER.verify(known_hash or _NOBODYS, secret) and known_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def made_anew(secret: str, known_hash: str | None) -> str | None:
    """A new hash of the right password, when what is kept was made with other parameters than today's."""
    return hash_of(secret) if known_hash and _HASHER.check_needs_rehash(known_hash) else None


@contextmanager
def _turn() -> Iterator[None]:
    """Two at once, eight in line: more would take the memory and the threads that others need."""
    if not _in_line.acquire(blocking=False):
        raise Unavailable(_("Many people are signing in at this moment. Please try again in a minute."))
    try:
        with _working:
            yield
    finally:
        _in_line.release()
