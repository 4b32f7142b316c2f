"""A file inside the file: embedded as PDF/A-3 wants it, so that one paper carries both (ISO 19005-3, 6.8)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from certificates.rendering.pdf.metadata import pdf_date
from certificates.rendering.pdf.objects import File, stream, text_string


@dataclass(frozen=True)
class Attachment:
    """`name` and `media_type` are ASCII of ours; `described` is what a reader shows beside it."""

    name: str
    media_type: str
    content: bytes
    described: str


def attach(file: File, attached: Attachment, at: datetime) -> bytes:
    """Embeds the bytes as they are; the entries that the catalogue needs to find them."""
    name, kind = attached.name.encode(), attached.media_type.replace("/", "#2F").replace("+", "#2B").encode()
    parameters = b"/Params <</Size %d /CheckSum <%b> /ModDate %b>>" % (
        len(attached.content),
        hashlib.md5(attached.content, usedforsecurity=False).hexdigest().encode(),  # the format knows no other digest
        pdf_date(at),
    )
    embedded = file.add(stream(attached.content, b"/Type /EmbeddedFile /Subtype /%b %b" % (kind, parameters)))
    attachment = file.add(
        b"<</Type /Filespec /F (%b) /UF (%b) /Desc %b /AFRelationship /Supplement /EF <</F %b /UF %b>>>>"
        % (name, name, text_string(attached.described), embedded, embedded)
    )
    return b" /Names <</EmbeddedFiles <</Names [(%b) %b]>>>> /AF [%b]" % (name, attachment, attachment)
