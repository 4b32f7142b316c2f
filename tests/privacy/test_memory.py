"""What the processes remember: no name, and after an erasure none of its letters."""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator
from typing import Any

from litestar.testing import TestClient

from certificates import Holder, forget_names, name_picture, unprintable
from certificates.rendering.pdf.embedding import shared_parts
from certificates.rendering.pictures.vector import outline
from certificates.rendering.text.glyphs import can_draw
from tests import cast
from tests.privacy import canary
from tests.privacy.conftest import Open
from university.chains.ledger import open_ledger
from university.database import Database
from university.jobs.worker import run_job
from university.rights import erasure
from university.rights.jobs import jobs
from university.serving.kept_pages import KeptPages
from university.settings import Settings

HOLDER = Holder(*cast.ADA[:2])
LETTERS = (can_draw, outline, shared_parts)


def texts_in_caches() -> Iterator[str]:
    """Every text and every piece of bytes that a cache of this process holds."""
    caches = (functools._lru_cache_wrapper, KeptPages)
    # By its type: a weak proxy asks what it stands for, which may be gone.
    waiting: list[Any] = [found for found in gc.get_objects() if issubclass(type(found), caches)]
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type) or (callable(thing) and not isinstance(thing, caches)):
            continue
        seen.add(id(thing))
        if isinstance(thing, str | bytes):
            yield thing if isinstance(thing, str) else thing.decode("latin-1")
        elif isinstance(thing, (dict, list, tuple, set, *caches)) or hasattr(thing, "__dataclass_fields__"):
            waiting += gc.get_referents(thing)


def show_everything(client: TestClient, number: str) -> None:
    for kind in ("", ".json", ".pdf", ".png", ".svg"):
        assert client.get(f"/verify/{number}{kind}").status_code == 200


def make_canary(database: Database) -> str:
    first, last, email = canary.CLAIM.values()
    with database.writing() as session:
        return cast.make_award(session, cast.make_person(session, email), first_name=first, last_name=last).number


def test_a_name_is_in_no_cache_and_erasure_forgets_its_letters_too(
    client: TestClient, database: Database, settings: Settings, open_portal: Open
) -> None:
    number = make_canary(database)
    show_everything(client, number)
    open_portal(canary.EMAIL)
    assert client.get("/privacy/my-data").status_code == 200
    assert unprintable(canary.FIRST_NAME, "en") == []
    texts = list(texts_in_caches())
    assert len(texts) > 1000, "the caches were not found: otherwise this test shows nothing"
    assert [text for text in texts if canary.sightings(text.encode())] == []
    assert all(cache.cache_info().currsize for cache in LETTERS)
    erasure.erase(database, open_ledger(settings), settings, canary.EMAIL, actor="holder")
    assert [cache.cache_info().currsize for cache in LETTERS] == [0, 0, 0]


def test_a_process_forgets_what_another_erased(database: Database, settings: Settings) -> None:
    """Two workers share a database, as two processes do; each has jobs, and a memory, of its own."""
    here, there = (next(job for job in jobs(settings) if job.in_each_process) for _process in range(2))
    make_canary(database)
    assert (run_job(database, here), run_job(database, there)) == (1, 1)
    erasure.erase(database, open_ledger(settings), settings, canary.EMAIL, actor="holder")
    for job in (here, there):
        assert name_picture(HOLDER, "en")
        assert outline.cache_info().currsize
        assert run_job(database, job) == 1
        assert outline.cache_info().currsize == 0
        assert name_picture(HOLDER, "en")
        # Nothing new was decided: what all certificates share stays.
        assert run_job(database, job) == 0
        assert outline.cache_info().currsize


def test_forgetting_changes_no_drawing() -> None:
    before = name_picture(HOLDER, "en")
    forget_names()
    assert name_picture(HOLDER, "en") == before
