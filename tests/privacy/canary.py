"""A name and an address that occur nowhere else, and every way in which they might be lying around."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import quopri
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import MetaData, select

from university.database import Database

FIRST_NAME = "Zwaantjé"
LAST_NAME = "Quixelbrandt"
EMAIL = "zwaan.quixel@canary.example"
CLAIM = {"first_name": FIRST_NAME, "last_name": LAST_NAME, "email": EMAIL}


def encodings(text: str) -> dict[str, bytes]:
    """What to look for: the text as it might be kept, printed, escaped, mailed or hashed."""
    plain, wide = text.encode(), text.encode("utf-16-le")
    found = {
        "plain": plain,
        "lower": text.lower().encode(),
        "upper": text.upper().encode(),
        "utf-16-le": wide,
        "utf-16-be": text.encode("utf-16-be"),
        "utf-16 hex": text.encode("utf-16-be").hex().encode(),
        "hex": plain.hex().encode(),
        "hex upper": plain.hex().upper().encode(),
        "percent": quote(text, safe="").encode(),
        "plus": quote_plus(text).encode(),
        "html": html.escape(text).encode("ascii", "xmlcharrefreplace"),
        "json": json.dumps(text)[1:-1].encode(),
        "quoted-printable": quopri.encodestring(plain).strip(),
        "sha256": hashlib.sha256(plain).hexdigest().encode(),
        "sha256 raw": hashlib.sha256(plain).digest(),
        "md5": hashlib.md5(plain).hexdigest().encode(),
    }
    for offset in range(3):
        # What is inside of a longer text: without the characters that depend on its neighbours.
        found[f"base64 +{offset}"] = base64.b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4]
    return found


def sightings(content: bytes) -> set[str]:
    """Which of the canaries are in `content`, also inside of compressed parts of it, and how they were written."""
    needles = {f"{text}: {how}": needle for text in CLAIM.values() for how, needle in encodings(text).items()}
    return {name for part in (content, *_unpacked(content)) for name, needle in needles.items() if needle in part}


def in_tables(database: Database) -> set[str]:
    """``table.column: canary`` for every value of every row that shows one."""
    metadata = MetaData()
    found = set()
    with database.engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for column, value in row.items():
                    found |= {f"{table.name}.{column}: {name}" for name in sightings(_bytes_of(value))}
    return found


def in_files(folder: Path) -> set[str]:
    """``path: canary`` for every file below `folder` that shows one."""
    return {
        f"{path.relative_to(folder)}: {name}"
        for path in folder.rglob("*")
        if path.is_file()
        for name in sightings(path.read_bytes())
    }


def _bytes_of(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The readable inside of gzip members and of deflated streams such as those of a PDF."""
    for start in [found.start() for found in re.finditer(rb"\x1f\x8b\x08", content)]:
        try:
            yield gzip.decompress(content[start:])
        except (OSError, EOFError, zlib.error):
            continue
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            yield zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
