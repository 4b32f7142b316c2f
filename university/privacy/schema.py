"""What data.json of a download looks like (JSON Schema 2020-12), made from the register: no field is left out."""

from __future__ import annotations

import json
from typing import Any

from university.rights.register import personal

Node = dict[str, Any]

# Beside what the register names: what makes the rest readable.
EXPLAINED = (
    *("made_at", "certificates[].standing", "certificates[].title", "claims[].title"),
    *("certificates[].links.page", "certificates[].links.pdf", "certificates[].progress.attempts[].title"),
)


def schema(base_url: str) -> bytes:
    """The schema, with what each value is in English. Structures of a course are not described further."""
    root: Node = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base_url}/privacy/my-data.schema.json",
        "title": "Everything held about one e-mail address",
        "type": "object",
    }
    for path in EXPLAINED:
        _put(root, path.split("."), "")
    for entry in personal():
        if entry.export:
            _put(root, entry.export.split("."), entry.label)
    return (json.dumps(root, ensure_ascii=False, indent=2) + "\n").encode()


def _put(node: Node, steps: list[str], label: str) -> None:
    name, rest = steps[0].removesuffix("[]"), steps[1:]
    members: Node = node.setdefault("properties", {})
    child: Node = members.setdefault(name, {})
    if not rest and not steps[0].endswith("[]"):
        if label:
            child.setdefault("description", label)
        return
    if steps[0].endswith("[]"):
        child.setdefault("type", "array")
        child = child.setdefault("items", {})
    if rest:
        child.setdefault("type", ["object", "null"])
        _put(child, rest, label)
