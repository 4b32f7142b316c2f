"""Files of settings: a line ``UNIVERSITY_NAME=value`` each, read the same way wherever they lie.

``.env`` is written by whoever runs the machine; ``settings.env`` in the data folder by the pages under
``/staff/setup``, and holds nothing but the settings that can be chosen there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PREFIX = "UNIVERSITY_"
KEPT_FILE = "settings.env"

# Drawings lie beside the file, and are named as seen from it: the data folder may move.
DRAWINGS = frozenset({"logo", "signature"})
KEPT = frozenset(
    {
        *("site_name", "organisation_name", "organisation_address", "organisation_registration", "organisation_email"),
        *("signatory_name", "signatory_role", "accent", "certificate_colours", *DRAWINGS),
        *("base_url", "smtp_url", "mail_from", "backup_copy", "ledger_copy"),
    }
)

_HEADING = """\
# Chosen in the browser under /staff/setup, and written anew with every change there.
# The environment and the file .env win over what stands here. Holds passwords: keep it as private as the keys.
"""


def read_file(path: Path) -> dict[str, str]:
    """Names as they stand there, and values without their quotes; nothing where there is no file."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def read_kept(data: Path) -> dict[str, str]:
    """What was chosen in the browser, by the names of fields; whatever else stands there comes along, to be refused."""
    found = read_file(data / KEPT_FILE)
    return {name.removeprefix(PREFIX).lower(): value for name, value in found.items()}


def written(values: Mapping[str, str]) -> bytes:
    """The text of such a file. ValueError for a value that is more than one line."""
    if any(not value.isprintable() for value in values.values()):
        raise ValueError("a setting is one line of text")
    lines = (f'{PREFIX}{name.upper()}="{value}"\n' for name, value in sorted(values.items()))
    return (_HEADING + "".join(lines)).encode()


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
