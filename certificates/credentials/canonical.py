"""The canonical form of a JSON-LD document: what an eddsa-rdfc-2022 proof is over (RDFC-1.0, as URDNA2015).

What stands between a document and its canonical form can lose or change words without a trace, so everything that
might is refused here: terms in no context, relative addresses, characters that libraries write differently.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from pyld.jsonld import JsonLdProcessor

from certificates.credentials.json_text import Document, read_json

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_FOLDER = Path(__file__).parent / "contexts"
_CONTEXTS = {
    CREDENTIALS: ("credentials-v2.json", "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f"),
    OPEN_BADGES: ("open-badges-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"),
}
# A relative address becomes visible by its scheme: without a base it would be left out of the canonical form.
_RELATIVE = "x-relative-address-in-a-credential"
_BASE = f"{_RELATIVE}://host/folder/"
_DEEPEST = 10
# URDNA2015 writes these characters raw where RDFC-1.0 escapes them; lone surrogates are no text at all.
_REFUSED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ONE_AT_A_TIME = Lock()  # pyld keeps contexts in caches that are not safe between threads


class Unsignable(ValueError):
    """A document that no proof can be made over; the sentence says why."""


def canonical_form(document: Document) -> str:
    """Sorted N-Quads; Unsignable if any part of the document would not be in them as it is meant."""
    _check(document)
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load, "base": _BASE}
    with _ONE_AT_A_TIME:
        try:
            quads = JsonLdProcessor(on_property_dropped=_refuse_term).normalize(document, options)
        except Unsignable:
            raise
        except Exception as error:  # pyld has one class of its own, and others escape from it
            raise Unsignable(f"this is not JSON-LD that we sign: {error}") from error
    if _RELATIVE in quads:
        raise Unsignable("an address in the document is relative")
    return str(quads)


def unsignable(text: str) -> bool:
    """Whether a text can stand in no credential."""
    return bool(_REFUSED_CHARACTERS.search(text)) or text.startswith("_:")


def read_context(address: str) -> Document:
    """A context of ours, by its address and unchanged; any other is Unsignable, and nothing is ever fetched."""
    name, expected = _CONTEXTS.get(address, ("", ""))
    if not name:
        raise Unsignable(f"the context {address} is not known")
    data = (_FOLDER / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise Unsignable(f"the context {name} is not the one this release came with")
    return read_json(data)


def _load(address: str, _options: Any) -> Document:
    # "static" lets pyld keep what it made of the context, which is most of the work
    return {"contextUrl": None, "documentUrl": address, "document": read_context(address), "tag": "static"}


def _refuse_term(term: str | None) -> None:
    raise Unsignable(f"the term {term!r} is in no context and would go unsigned")


def _check(document: Document) -> None:
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not all(entry in (CREDENTIALS, OPEN_BADGES) for entry in contexts):
        raise Unsignable(f"these contexts are not known: {contexts!r:.200}")
    for text in _texts({**document, "@context": []}, 0):
        if unsignable(text):
            raise Unsignable(f"{text[:80]!r} has a character that a proof cannot cover, or names a blank node")


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in the document. Refuses what could make its canonical form ambiguous or endless to compute."""
    if depth > _DEEPEST:
        raise Unsignable("the document is nested too deeply")
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, depth + 1)
    elif isinstance(value, dict):
        _check_object(value, depth)
        for key, entry in value.items():
            yield key
            yield from _texts(entry, depth + 1)
    elif not isinstance(value, bool):
        raise Unsignable(f"{value!r} is neither text nor yes or no")


def _check_object(value: Document, depth: int) -> None:
    if any(key.startswith("@") for key in value if depth or key != "@context"):
        raise Unsignable("a JSON-LD keyword stands inside the document")
    # Nameless objects inside nameless ones take exponential time in the worst case, and ours have none.
    if not value.get("id") and any(_holds_object(entry) for entry in value.values()):
        raise Unsignable("an object without an id holds another object")


def _holds_object(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(_holds_object(entry) for entry in value))
