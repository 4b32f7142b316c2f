"""Files that other programs and people wrote. They stand beside a checkout, or not at all; nothing is copied in."""

import os
from pathlib import Path

import pytest

from university.course_folders.imports import Import, read_questions

OTHERS = Path(os.environ.get("REAL_IMPORTS") or Path(__file__).parents[4] / "shared" / "imports")


def other(name: str) -> Path:
    path = OTHERS / name
    if not path.exists():
        pytest.skip(f"the file {name} by other authors is not beside this checkout")
    return path


def read_other(name: str) -> Import:
    return read_questions(name, other(name).read_bytes())


def remarks_of(found: Import) -> list[str]:
    return [remark.text for item in found.items for remark in item.remarks]
