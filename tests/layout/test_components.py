"""The page with every component: on a machine of one's own, and nowhere else."""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient

from tests.conftest import only_on
from university.app import create_app
from university.database import Database
from university.settings import Settings


@only_on("sqlite")
def test_the_components_can_be_looked_at_here_and_are_found_by_nobody(client: TestClient[Any]) -> None:
    page = client.get("/layout/components")
    assert page.status_code == 200
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.text.count("/layout/components") > 1


@only_on("sqlite")
def test_a_public_installation_has_no_such_page(settings: Settings, database: Database) -> None:
    public = settings.model_copy(
        update={"base_url": "https://learn.example.org", "smtp_url": "smtp://mail.example.org:25"}
    )
    with TestClient(create_app(public), base_url=public.base_url) as client:
        assert client.get("/layout/components").status_code == 404
