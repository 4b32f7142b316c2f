"""Bitstring Status List (W3C): one bit for each credential that was ever issued, set once it counts no more."""

import base64
import gzip
import secrets
import zlib
from collections.abc import Container, Iterable
from datetime import datetime

from certificates.credentials.canonical import CREDENTIALS
from certificates.credentials.document import PURPOSE, show_moment
from certificates.credentials.json_text import Document

STATUS_LIST_BITS = 131_072  # the least that the standard allows: a crowd to hide in
STATUS_LIST_CAPACITY = STATUS_LIST_BITS // 2  # indexes to give out before the next list, so that drawing stays quick
_LONGEST_ENCODED = 64 * 1024
_LONGEST_DECODED = 1024 * 1024


def status_list(address: str, revoked: Iterable[int], *, issuer_did: str, valid_from: datetime) -> Document:
    """The list at this address, ready to be signed. No end: an expired list would make every credential invalid."""
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did,
        "validFrom": show_moment(valid_from),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode_bits(revoked),
        },
    }


def draw_index(taken: Container[int]) -> int:
    """A random index that was never given out. The caller keeps indexes unique, and takes a new list in time."""
    while True:
        index = secrets.randbelow(STATUS_LIST_BITS)
        if index not in taken:
            return index


def encode_bits(revoked: Iterable[int]) -> str:
    """These bits set and no other; index 0 is the most significant bit of the first byte."""
    bits = bytearray(STATUS_LIST_BITS // 8)
    for index in revoked:
        if not 0 <= index < STATUS_LIST_BITS:
            raise ValueError(f"{index} is no index of a status list")
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def decode_bits(encoded: str) -> bytes:
    """The bits of any list of at least the least length; a ValueError for what is none."""
    if not encoded.startswith("u") or len(encoded) > _LONGEST_ENCODED:
        raise ValueError("this is not base64url in Multibase")
    packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), altchars=b"-_", validate=True)
    unpacking = zlib.decompressobj(wbits=31)
    try:
        bits = unpacking.decompress(packed, _LONGEST_DECODED)
    except zlib.error as error:
        raise ValueError("the list is not in gzip") from error
    if not unpacking.eof or len(bits) < STATUS_LIST_BITS // 8:
        raise ValueError("the list is too short or too long")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """An IndexError beyond the end: a bit that is not there says nothing."""
    if index < 0:
        raise IndexError(index)
    return bool(bits[index // 8] & 0x80 >> index % 8)
