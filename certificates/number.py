"""The public number of a certificate: 15 random characters and one that checks them.

Alphabet: Crockford's base 32. The check character is computed in GF(32) with x**5 = x**2 + 1, where adding is XOR:
c = 17*v1 + 18*v2 + ... + 31*v15. Fifteen different factors, none of them 0 or 1: every single wrong character and
every swap of two characters is found, the check character included.
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: people type these numbers
LENGTH = 16
SPECIMEN_NUMBER = "0" * LENGTH

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})  # U could be V or 0: it is not guessed
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_AROUND = ".,;:!?'\"()[]<>«»‘’“”„#"
_EASILY_MISTAKEN = frozenset("0O1IL8B5S2ZUV")


def make_number() -> str:
    """A new number, 16 canonical characters with 75 bits of chance. Two may collide: the caller keeps them unique."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    number = random + check_character(random)
    return number if number != SPECIMEN_NUMBER else make_number()


def show_number(number: str) -> str:
    """The number in groups of four, as people see it."""
    return "-".join(number[start : start + 4] for start in range(0, LENGTH, 4))


def read_number(text: str) -> str | None:
    """The canonical number that somebody typed, or None if it cannot be one."""
    number = _without_separators(text).translate(_MEANT)
    if len(number) != LENGTH or any(character not in _VALUES for character in number):
        return None
    return number if check_character(number[:-1]) == number[-1] else None


def suspects(text: str) -> list[tuple[int, str]]:
    """Characters to look at again, as (place from 1, character), separators not counted.

    Those that are in no number come alone; otherwise those that look like others. Empty when the number can be read.
    """
    if read_number(text) is not None:
        return []
    typed = list(enumerate(_without_separators(text)[: 2 * LENGTH], start=1))
    foreign = [(place, character) for place, character in typed if character.translate(_MEANT) not in _VALUES]
    return foreign or [(place, character) for place, character in typed if character in _EASILY_MISTAKEN]


def digest_of(number: str) -> str:
    """SHA-256 of the 16 canonical characters, in hexadecimal: what a tombstone keeps."""
    return hashlib.sha256(number.encode("ascii")).hexdigest()


def check_character(random: str) -> str:
    """The check character of the first 15."""
    check = 0
    for factor, character in enumerate(random, start=17):
        check ^= _times(factor, _VALUES[character])
    return ALPHABET[check]


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left * (right & 1)
        left = left << 1 ^ (0b100101 if left & 0b10000 else 0)
        right >>= 1
    return product


def _without_separators(text: str) -> str:
    """Without what comes along when a number is copied out of a sentence: marks of direction, a full stop, quotes."""
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return "".join(seen.split()).translate(dict.fromkeys(map(ord, _DASHES))).strip(_AROUND).upper()
