"""A process that has started an installation once, and has read what every start reads: modules, courses, migrations,
and the routes.

The servers of the tests are forked from one that has imported this.
"""

from __future__ import annotations

import gc
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import ready
from tests.static import lend
from university.commands.serving import prepare
from university.settings import read_settings

with TemporaryDirectory(prefix="university-warm-") as folder:
    lend(Path(folder))
    prepare(read_settings({"UNIVERSITY_DATA": folder, "UNIVERSITY_TESTING": "1"}))
for is_sqlite in (True, False):
    ready.routes(is_sqlite)
gc.freeze()  # else the first collection in every fork would copy all of it
