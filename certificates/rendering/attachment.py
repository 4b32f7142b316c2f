"""The credential inside the file: embedded as PDF/A-3 wants it, so that one paper carries both (ISO 19005-3, 6.8)."""

import hashlib
from datetime import datetime

from certificates.rendering.metadata import pdf_date
from certificates.rendering.objects import File, stream, text_string

FILE_NAME = b"credential.json"
_MEDIA_TYPE = b"/application#2Fvc#2Bld#2Bjson"


def attach(file: File, credential: bytes, described: str, at: datetime) -> bytes:
    """Embeds the bytes as they are; the entries that the catalogue needs to find them."""
    parameters = b"/Params <</Size %d /CheckSum <%b> /ModDate %b>>" % (
        len(credential),
        hashlib.md5(credential, usedforsecurity=False).hexdigest().encode(),  # the format knows no other digest
        pdf_date(at),
    )
    embedded = file.add(stream(credential, b"/Type /EmbeddedFile /Subtype %b %b" % (_MEDIA_TYPE, parameters)))
    attachment = file.add(
        b"<</Type /Filespec /F (%b) /UF (%b) /Desc %b /AFRelationship /Supplement /EF <</F %b /UF %b>>>>"
        % (FILE_NAME, FILE_NAME, text_string(described), embedded, embedded)
    )
    return b" /Names <</EmbeddedFiles <</Names [(%b) %b]>>>> /AF [%b]" % (FILE_NAME, attachment, attachment)
