"""Grace at her desk: signed in, with the sample course as a draft."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy.orm import Session

from tests import crew
from tests.sample_course import sample_folder
from university.course_folders import Folder
from university.database import Database
from university.drafting.draft_saving import Edit, OpenDraft, going_back, open_draft, save
from university.drafting.draft_steps import Step
from university.drafting.drafts import import_folder

COURSE = "/editor/courses/rivers"


@pytest.fixture
def rivers(database: Database) -> Folder:
    """The sample course as a draft nobody published yet."""
    folder = sample_folder()
    with database.writing() as session:
        import_folder(session, folder)
    return folder


def draft_of(database: Database, slug: str = "rivers") -> OpenDraft:
    with database.reading() as session:
        return open_draft(session, slug)


def saved(session: Session, opened: OpenDraft, changes: Mapping[str, bytes | None], step: Step) -> OpenDraft:
    """These files of the draft, saved by nobody in particular."""
    return save(session, opened, lambda _now: Edit(changes, step))


def gone_back(session: Session, version: int) -> OpenDraft:
    seen = open_draft(session, "rivers")
    return save(session, seen, partial(going_back, session, seen, version=version))


def must_not_lock(monkeypatch: pytest.MonkeyPatch, database: Database, where: str) -> list[str]:
    """From here on, the function called `where` fails while a transaction writes; each call adds to the list.

    SQLite has one writer: whatever takes long inside of a transaction that may write keeps every learner waiting.
    """
    module, _dot, name = where.rpartition(".")
    slow: Callable[..., Any] = getattr(import_module(module), name)
    calls: list[str] = []

    def watched(*values: Any, **named: Any) -> Any:
        with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
        calls.append(where)
        return slow(*values, **named)

    monkeypatch.setattr(where, watched)
    return calls


class Desk:
    """A browser without JavaScript: opens pages, fills in their forms, presses their buttons."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client
        self.answer: Response
        self.page: BeautifulSoup

    def open(self, path: str) -> BeautifulSoup:
        return self._took(self.client.get(path))

    def fields(self, action: str) -> dict[str, Any]:
        """What the form of the open page to this address would send as it stands."""
        form = self.page.find("form", action=action)
        assert form is not None, f"no form to {action}"
        sent: dict[str, Any] = {}
        for one in form.find_all(["input", "textarea", "select"]):
            name, kind = one.get("name"), one.get("type")
            if not name or (kind in ("checkbox", "radio") and not one.has_attr("checked")) or kind == "file":
                continue
            if one.name == "textarea":
                sent[name] = one.get_text().removeprefix("\n")
            elif one.name == "select":
                chosen = one.find("option", selected=True) or one.find("option")
                sent[name] = chosen.get("value", "") if chosen else ""
            else:
                sent[name] = one.get("value", "")
        return sent

    def send(self, action: str, **changes: Any) -> Response:
        fields = {**self.fields(action), **{name.replace("__", "."): value for name, value in changes.items()}}
        sent = {name: value for name, value in fields.items() if value is not None}
        self._took(self.client.post(action, data=sent))
        return self.answer

    def _took(self, answer: Response) -> BeautifulSoup:
        self.answer = answer
        self.page = BeautifulSoup(answer.text, "html.parser")
        return self.page


@pytest.fixture
def desk(client: TestClient, grace: crew.Here) -> Desk:
    return Desk(client)
