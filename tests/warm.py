"""A process that has started an installation once, and has read what every start reads: modules, courses, migrations.

The servers of the tests are forked from one that has imported this.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.static import lend
from university.commands.serving import prepare
from university.settings import read_settings

with TemporaryDirectory(prefix="university-warm-") as folder:
    lend(Path(folder))
    prepare(read_settings({"UNIVERSITY_DATA": folder, "UNIVERSITY_TESTING": "1"}))
