"""Ed25519 public keys as text: Multikey (W3C Controlled Identifiers), which is base58btc behind a `z` (Multibase)."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # no 0, O, I, l
_ED25519_PUBLIC = b"\xed\x01"
_KEY_LENGTH = 32


def to_multibase(data: bytes) -> str:
    """Leading zero bytes are kept as leading ones of the alphabet."""
    number, text = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, len(ALPHABET))
        text = ALPHABET[rest] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + text


def from_multibase(text: str) -> bytes:
    """What `to_multibase` was given; a ValueError for anything else."""
    digits = text[1:]
    if not text.startswith("z") or len(text) > 200:
        raise ValueError("this is not base58btc in Multibase")
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def to_multikey(public_key: bytes) -> str:
    """The 32 raw bytes of an Ed25519 public key as `z6Mk…`."""
    return to_multibase(_ED25519_PUBLIC + public_key)


def from_multikey(text: str) -> bytes:
    """The 32 raw bytes; a ValueError if this is no Ed25519 Multikey."""
    data = from_multibase(text)
    if len(data) != len(_ED25519_PUBLIC) + _KEY_LENGTH or not data.startswith(_ED25519_PUBLIC):
        raise ValueError("this is not the Multikey of an Ed25519 key")
    return data[len(_ED25519_PUBLIC) :]
