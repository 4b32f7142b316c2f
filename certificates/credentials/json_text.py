"""Credentials as JSON text: one way to write them, and a strict way to read them."""

import json
from typing import Any

Document = dict[str, Any]


def credential_json(document: Document) -> str:
    """What is stored, served, embedded and baked."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def read_json(text: str | bytes) -> Document:
    """An object in JSON whose members are named once each; a ValueError for anything else."""
    try:
        document = json.loads(text, object_pairs_hook=_members, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error
    if not isinstance(document, dict):
        raise ValueError("this is not an object")
    return document


def _members(pairs: list[tuple[str, Any]]) -> Document:
    """Readers disagree on which of two members of one name counts, so there may not be two."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
