"""Relative links in a text that moves, or whose targets move: each leads where it led before."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Mapping
from urllib.parse import quote

from university.course_folders.files.links import kind_of, resolved, split_anchor
from university.course_folders.markdown.parser import parsed
from university.course_folders.reading.field_places import body_line

# The target of an inline link or picture, of a reference, of an HTML link.
TARGET = re.compile(r"""(?:\]\(\s*<?|^\s{0,3}\[[^\]\n]+\]:\s*<?|\bhref=["']?)([^\s<>()"']+)""", re.MULTILINE)


def relinked(content: bytes, path: str, new_path: str, renames: Mapping[str, str], files: Container[str]) -> bytes:
    """The file that was at `path` and comes to `new_path`, while `renames` happen. Code stays as it is."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    code = _code_lines(text) if path.endswith(".md") else frozenset[int]()

    def moved(found: re.Match[str]) -> str:
        target = found[1]
        new = None if _is_code(text, found.start(1), code) else _new_target(target, path, new_path, renames, files)
        return found[0] if new is None else found[0].removesuffix(target) + new

    return TARGET.sub(moved, text).encode()


def _new_target(target: str, path: str, new_path: str, renames: Mapping[str, str], files: Container[str]) -> str | None:
    """The target as it must be written now; None when it may stay."""
    if kind_of(target) != "file":
        return None
    name, anchor = split_anchor(target)
    wanted = resolved(path, name)
    if wanted is None or wanted not in files:
        return None
    now = renames.get(wanted, wanted)
    if resolved(new_path, name) == now:
        return None
    return quote(posixpath.relpath(now, posixpath.dirname(new_path)), safe="/._-~") + anchor


def _code_lines(text: str) -> frozenset[int]:
    """Lines of the file, from 1, in blocks of code."""
    start = body_line(text)
    body = "\n".join(re.split(r"\r\n|\r|\n", text)[start - 1 :])
    blocks = [token.map for token in parsed(body) if token.type in ("fence", "code_block") and token.map]
    return frozenset(start + line for first, last in blocks for line in range(first, last))


def _is_code(text: str, position: int, code: Container[int]) -> bool:
    line_start = text.rfind("\n", 0, position) + 1
    if text.count("\n", 0, position) + 1 in code:
        return True
    return text.count("`", line_start, position) % 2 == 1
