"""A24 to A26, the halves that say “forced”: names that no form lets in, put into the database, on everything that
shows a name. Each stands there letter for letter; nothing is run, filled in or calculated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import select

from certificates import show_number
from tests import cast, crew
from tests.certificates.outside import run
from tests.conftest import only_on
from tests.post_office import make_test_worker
from tests.privacy.conftest import link_in, newest_mail
from university.database import Database
from university.mailing.mail import enqueue
from university.models import LocalMail
from university.settings import Settings

EMAIL = "mallory@example.org"
LAST = "Lovelace"
FORCED = {
    "a24": ("<script>alert(1)</script>",),
    "a25": ("{{7*7}}", "${jndi:ldap://x}", "%s%n", "__import__"),
    "a26": ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(1)"),
}
NAMES = tuple(name for names in FORCED.values() for name in names)


class Forced:
    """Certificates with each of the names, all of one person, and everything that shows them."""

    def __init__(self, client: TestClient[Any], database: Database, settings: Settings) -> None:
        self.client, self.database, self.settings = client, database, settings
        with database.writing() as session:
            person = cast.make_person(session, EMAIL)
            awards = {name: cast.make_award(session, person, first_name=name) for name in NAMES}
            for award in awards.values():
                enqueue(session, "issued", language="en", person_id=person.id, award_id=award.id)
            self.numbers = {name: show_number(award.number) for name, award in awards.items()}
        make_test_worker(database, settings).send_what_is_due()
        crew.sign_in(client, database, "priya")

    def public_page(self, name: str) -> str:
        return self._words(self.client.get(f"/verify/{self.numbers[name]}"))

    def registry(self, name: str) -> str:
        shown = self._words(self.client.get(f"/registry/{self.numbers[name]}"))
        return shown + self._words(self.client.post(f"/registry/{self.numbers[name]}/contact"))

    def machine_readable(self, name: str) -> str:
        holder = self.client.get(f"/verify/{self.numbers[name]}.json").json()["holder"]
        return f"{holder['first_name']} {holder['last_name']}"

    def paper(self, name: str, folder: Path) -> str:
        file = folder / f"{NAMES.index(name)}.pdf"
        file.write_bytes(self.client.get(f"/verify/{self.numbers[name]}.pdf").content)
        return run("pdftotext", "-layout", file, "-")

    def portal(self) -> str:
        self.client.post("/privacy/my-data", data={"email": EMAIL})
        make_test_worker(self.database, self.settings).send_what_is_due()
        self.client.post(link_in(newest_mail(self.database, EMAIL)))
        return self._words(self.client.get("/privacy/my-data"))

    def cells(self) -> list[str]:
        """Every cell of every table of the download."""
        packed = zipfile.ZipFile(io.BytesIO(self.client.post("/privacy/my-data/download").content))
        tables = [packed.read(name).decode("utf-8-sig") for name in packed.namelist() if name.endswith(".csv")]
        return [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]

    def mails(self) -> Iterator[tuple[str, str]]:
        """Text and words of each mail that says a number."""
        with self.database.reading() as session:
            kept = session.scalars(select(LocalMail.message)).all()
        for message in kept:
            mail = message_from_bytes(message, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            assert not any(name in value for name in NAMES for value in mail.values()), "headers name nobody"
            text, html = (mail.get_body([kind]) for kind in ("plain", "html"))
            assert text
            assert html
            yield text.get_content(), words_of(html.get_content())

    def _words(self, answer: Response) -> str:
        assert answer.status_code == 200
        return words_of(answer.text)


def words_of(page: str) -> str:
    """What a reader sees. No script stands in the page itself, ours are files of their own."""
    soup = BeautifulSoup(page, "html.parser")
    assert not [
        one for one in soup.find_all("script") if one.get_text(strip=True) and one.get("type") != "application/ld+json"
    ]
    return re.sub(r"\s+", " ", soup.get_text(" "))


@only_on("sqlite")
def test_a24_a25_a26_forced_names_are_literal_text_everywhere(
    client: TestClient, database: Database, settings: Settings, tmp_path: Path
) -> None:
    forced = Forced(client, database, settings)
    shown: dict[str, Callable[[str], str]] = {
        "page": forced.public_page,
        "registry": forced.registry,
        "json": forced.machine_readable,
        "pdf": lambda name: forced.paper(name, tmp_path),
    }
    for ids, names in FORCED.items():
        for name in names:
            for where, show in shown.items():
                assert f"{name} {LAST}" in show(name), (ids, where, name)
    mails = list(forced.mails())
    for name, number in forced.numbers.items():
        [(text, words)] = [mail for mail in mails if number in mail[0]]
        assert name in text, ("mail", name)
        assert name in words, ("mail", name)
    portal, cells = forced.portal(), forced.cells()
    for ids, names in FORCED.items():
        for name in names:
            assert name in portal, (ids, "portal", name)
            in_a_cell = f"'{name}" if ids == "a26" else name
            assert in_a_cell in cells, (ids, "csv", name)
            assert (name in cells) == (ids != "a26"), (ids, "csv", name)
