"""Files in parts, as players of films ask for them (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from litestar import Response

from university.serving.kept_pages import packed
from university.serving.pages import Visitor

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})", re.ASCII)
BECOMES_SMALLER = ("image/svg+xml", "text/")


def in_parts(request: Visitor, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response[bytes]:
    """The part of the file that was asked for, as 206; the whole of it when none was, or one that it does not
    have. Texts and drawings are compressed on the way."""
    accepted = request.headers.get("accept-encoding", "")
    part = _part_asked_for(request.headers.get("range", ""), len(content))
    if part is None:
        body, said = packed(content, accepted) if media_type.startswith(BECOMES_SMALLER) else (content, {})
        return Response(body, headers={**headers, **said}, media_type=media_type)
    first, last = part
    sent = {**headers, "content-range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], status_code=206, headers=sent, media_type=media_type)


def _part_asked_for(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None answers the whole file."""
    asked = RANGE.fullmatch(header.strip())
    if asked is None or int(asked[1]) >= size:
        return None
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    return (int(asked[1]), last) if last >= int(asked[1]) else None
