"""Data for search engines (JSON-LD), as it stands inside of a script element."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup


def as_script(document: Mapping[str, Any]) -> Markup:
    """The document without its empty fields."""
    given = {name: value for name, value in document.items() if value not in (None, [], "")}
    text = json.dumps(given, ensure_ascii=False)
    # Inside of a script element nothing may look like its end.
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704
