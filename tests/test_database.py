"""The database goes away and comes back: nobody sees more than one request to try again."""

from __future__ import annotations

from litestar.testing import TestClient
from sqlalchemy import create_engine, text

from tests.conftest import only_on
from tests.databases import on_database
from university.settings import Settings


@only_on("postgresql")
def test_cut_connections_cost_one_request_and_nothing_after_it(client: TestClient, settings: Settings) -> None:
    assert client.get("/").status_code == 200
    cut_all_connections(settings)
    assert client.get("/").status_code == 503
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


def cut_all_connections(settings: Settings) -> None:
    """What a restart of the server does to a program that holds connections open."""
    name = settings.database_url.partition("?")[0].rsplit("/", 1)[1]
    admin = create_engine(on_database(settings.database_url, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        cut = connection.execute(
            text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        ).scalar_one()
    admin.dispose()
    assert cut > 0
