"""What people hand in as a credential: JSON, a token, or a picture with one baked in."""

from dataclasses import dataclass

from certificates.credentials.baking import unbake
from certificates.credentials.json_text import Document, read_json
from certificates.credentials.token import Token, read_token

LARGEST_CREDENTIAL = 64 * 1024
LARGEST_PICTURE = 1024 * 1024


@dataclass(frozen=True)
class Presented:
    """The credential in a file, and the token around it if there is one."""

    document: Document
    token: Token | None = None


def read_presented(data: bytes) -> Presented:
    """A ValueError if the file holds no credential, whatever else it is."""
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ValueError("this is not text") from error
    if text.startswith("<"):
        text = unbake(text) or ""
    if len(text) > LARGEST_CREDENTIAL:
        raise ValueError("this is too long for a credential")
    if text.startswith("ey"):
        token = read_token(text)
        return Presented(token.document, token)
    return Presented(read_json(text))
