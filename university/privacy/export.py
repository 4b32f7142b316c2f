"""The download: one zip with everything, made in memory and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from university.rights.held import Document
from university.serving.csv_text import table

Row = dict[str, Any]


def pack(document: Document, papers: Mapping[str, bytes], beside: Mapping[str, bytes], made_at: datetime) -> bytes:
    """The zip: data.json, a CSV for each list, each certificate's papers by name, and the files `beside` them."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        head = {"made_at": made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}
        archive.writestr("data.json", json.dumps({**head, **document}, ensure_ascii=False, indent=2) + "\n")
        for name, rows in lists_of(document).items():
            archive.writestr(f"{name}.csv", table(rows))
        for name, content in papers.items():
            archive.writestr(f"certificates/{name}", content)
        for name, content in beside.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lists_of(document: Document) -> dict[str, list[Row]]:
    """Every list of the document as rows, those inside a certificate with its number; empty ones left out."""
    lists: dict[str, list[Row]] = {"certificates": [], "replaced_versions": [], "lessons": [], "attempts": []}
    lists["answers"] = []
    for certificate in document["certificates"]:
        number = {"certificate": certificate["number"]}
        progress = certificate["progress"] or {}
        lists["certificates"].append(_flat(certificate))
        lists["replaced_versions"] += [{**number, **_flat(row)} for row in certificate["replaced_versions"]]
        lists["lessons"] += [{**number, **_flat(row)} for row in progress.get("lessons", [])]
        for attempt in progress.get("attempts", []):
            lists["attempts"].append({**number, **_flat(attempt)})
            which = {**number, "quiz": attempt["quiz"], "started_at": attempt["started_at"]}
            lists["answers"] += [{**which, **_flat(row)} for row in attempt["answers"]]
    for name in ("claims", "cases", "consents", "sign_ups", "bounces", "mails", "local_mailbox", "links", "visits"):
        lists[name] = [_flat(row) for row in document[name]]
    return {name: rows for name, rows in lists.items() if rows}


def _flat(row: Row) -> Row:
    """The plain fields of a row; structures have rows or files of their own, or are written as JSON."""
    apart = {"progress", "replaced_versions", "answers", "links", "credential"}
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for name, value in row.items()
        if name not in apart
    }
