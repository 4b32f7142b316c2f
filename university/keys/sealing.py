"""Sealing: what only the holder of a private key can read again, and nobody can change unnoticed.

A sealed message is HPKE (RFC 9180, base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305) as one piece. A sealed file,
which may be larger than memory, is

    university-sealed-1 KEY-ID LF
    the length of the next part, two bytes, big endian
    a random key of 32 bytes, sealed as a message to KEY-ID; `info` is the first line
    pieces of 64 KiB of the content, each under ChaCha20-Poly1305 with that key: 64 KiB and a tag of 16 bytes

The nonce of a piece is its number from 0 (11 bytes, big endian), then 1 for the last piece and 0 for any other: so a
file that was cut off, or whose pieces changed places, does not open (the STREAM construction). The key is random for
each file, so no nonce is used twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

MAGIC = b"university-sealed-1 "
PIECE = 64 * 1024
TAG = 16
LONGEST_HEAD = 100

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

# Gives the private half of the key with this id, or None when it is out of reach or destroyed.
FindKey = Callable[[str], X25519PrivateKey | None]


class NotOpened(Exception):
    """A seal that does not open: the key is gone, or what was sealed is not whole."""


def seal_message(content: bytes, public: X25519PublicKey, info: bytes) -> bytes:
    """`content` for the holder of the private half; `info` must be the same when it is opened."""
    return SUITE.encrypt(content, public, info)


def open_message(sealed: bytes, private: X25519PrivateKey, info: bytes) -> bytes:
    """The content; NotOpened if this key does not fit or anything was changed."""
    try:
        return SUITE.decrypt(sealed, private, info)
    except (InvalidTag, ValueError) as error:
        raise NotOpened("the seal does not fit this key, or it was changed") from error


def seal_file(source: BinaryIO, target: BinaryIO, public: X25519PublicKey, key_id: str) -> None:
    """Reads `source` to its end and writes it to `target`, sealed."""
    head = MAGIC + key_id.encode("ascii") + b"\n"
    content_key = secrets.token_bytes(32)
    sealed_key = seal_message(content_key, public, head)
    target.write(head + len(sealed_key).to_bytes(2, "big") + sealed_key)
    cipher, number, piece = ChaCha20Poly1305(content_key), 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        target.write(cipher.encrypt(_nonce(number, is_last=not following), piece, None))
        if not following:
            return
        number, piece = number + 1, following


def open_file(source: BinaryIO, target: BinaryIO, find_key: FindKey) -> None:
    """Writes to `target` what is sealed in `source`. NotOpened: then whatever was written is worth nothing."""
    head, private = _read_head(source, find_key)
    length = int.from_bytes(source.read(2), "big")
    cipher, number = ChaCha20Poly1305(open_message(source.read(length), private, head)), 0
    piece = source.read(PIECE + TAG)
    while True:
        following = source.read(PIECE + TAG)
        try:
            target.write(cipher.decrypt(_nonce(number, is_last=not following), piece, None))
        except InvalidTag as error:
            raise NotOpened(f"piece {number} was changed, or the file is not whole") from error
        if not following:
            return
        number, piece = number + 1, following


def key_id_of(source: BinaryIO) -> str:
    """For which key a file was sealed. NotOpened if it is no sealed file."""
    head = source.readline(LONGEST_HEAD)
    if not head.startswith(MAGIC) or not head.endswith(b"\n"):
        raise NotOpened("not a sealed file of ours")
    return head[len(MAGIC) : -1].decode("ascii", "replace")


def _read_head(source: BinaryIO, find_key: FindKey) -> tuple[bytes, X25519PrivateKey]:
    key_id = key_id_of(source)
    private = find_key(key_id)
    if private is None:
        raise NotOpened(f"the key {key_id} is destroyed, or the recovery key is not at hand")
    return MAGIC + key_id.encode("ascii") + b"\n", private


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")
