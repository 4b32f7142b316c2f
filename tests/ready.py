"""What every program under test would make anew: its routes, and the compiled templates of its pages.

Each takes half a second. The process that servers are forked from declares the routes once (`tests.warm`); compiled
templates lie in the folder of the environment, each under the digest of its source.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from litestar import Litestar

from tests.static import static_files
from university import app
from university.serving.static_files import StaticFiles
from university.setting_up.kept_settings import Renew
from university.settings import Settings, read_settings

COMPILED = Path(sys.prefix) / "compiled-templates"
_declare = app.make_router


@cache
def routes(is_sqlite: bool) -> Litestar:
    """As they are declared for a database of this kind, with the state of no program that runs."""
    with tempfile.TemporaryDirectory() as folder:
        address = "" if is_sqlite else "postgresql+psycopg://nobody@127.0.0.1:1/none"
        settings = read_settings({"UNIVERSITY_DATA": folder, "UNIVERSITY_DATABASE_URL": address})
        return _declare(settings, static_files())


def make_router(
    settings: Settings, static: StaticFiles, on_shutdown: Sequence[Callable[[], None]] = (), renew: Renew | None = None
) -> Litestar:
    """As the program's own, of which a process uses one at a time."""
    state = app.make_state(settings, static, renew)
    found = routes(state.database.is_sqlite)
    found.state, found.on_shutdown = state, [*on_shutdown, app.close_database]
    return found


def environment() -> Callable[..., Environment]:
    """Makes an environment of templates that compiles none a second time."""
    COMPILED.mkdir(exist_ok=True)
    return partial(Environment, bytecode_cache=FileSystemBytecodeCache(str(COMPILED)))


def use() -> None:
    """From here on, the program of this process is made of what is ready."""
    app.Environment = environment()  # type: ignore[assignment, misc]
    app.make_router = make_router
