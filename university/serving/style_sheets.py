"""The style sheets as browsers load them: the files of a folder of static/ joined into one, and made short.

static/style/ becomes style.css, the one sheet of every public page; static/staff/ becomes staff.css, which staff pages
load besides. People read and write the files in the folders; what is served means the same in fewer bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import ascii_letters, digits

TOKEN = re.compile(r"(?<![\w-])--[a-z][\w-]*")


def joined(folder: Path) -> str:
    """The files of one sheet in the order of their names, which is the order of their layers."""
    return "\n".join(path.read_text() for path in sorted(folder.glob("*.css")))


def served(sheets: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The sheets by name as they are sent, and the short names of their tokens, the same in all of them."""
    short = {name: shorten(sheet) for name, sheet in sheets.items()}
    names = short_names(short.values())
    return {name: renamed(sheet, names).encode() for name, sheet in short.items()}, names


def renamed(sheet: str, names: Mapping[str, str]) -> str:
    """The sheet with the short names of the tokens, where they have one."""
    return TOKEN.sub(lambda token: names.get(token[0], token[0]), sheet)


def short_names(sheets: Iterable[str]) -> dict[str, str]:
    """A name of one or two letters for every token of these shortened sheets; those used most have the shortest."""
    letters = ascii_letters + digits
    free = (f"--{name}" for name in (*letters, *(a + b for a in letters for b in letters)))
    counted = Counter(token for sheet in sheets for token in TOKEN.findall(sheet))
    ordered = sorted(counted, key=lambda token: (-counted[token], token))
    return dict(zip(ordered, free, strict=False))


def shorten(sheet: str) -> str:
    """Without comments, and without blanks and quotes that mean nothing. Our sheets hold no texts with any of these."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    sheet = re.sub(r"\s*([{};,/])\s*", r"\1", sheet)
    sheet = re.sub(r"[^{};]+(?=\{)", lambda selector: _tight(selector[0]), sheet)
    sheet = re.sub(r"#([\da-f])\1([\da-f])\2([\da-f])\3\b", r"#\1\2\3", sheet)
    sheet = sheet.replace("transparent", "#0000").replace(" !important", "!important")
    return re.sub(r":\s+", ":", sheet).replace(";}", "}").strip()


def _tight(selector: str) -> str:
    if selector.startswith("@"):
        return re.sub(r"^@media \(|\s*([<>]=?)\s*", lambda part: part[1] or "@media(", selector)
    return re.sub(r'="([a-z]+)"]', r"=\1]", re.sub(r"\s*([>~+])\s*", r"\1", selector))
