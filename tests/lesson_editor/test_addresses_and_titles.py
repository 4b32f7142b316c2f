"""What is written into a course is never fetched and never opened, whatever it looks like."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desk import COURSE, Desk, draft_of
from university.course_folders import Folder
from university.database import Database
from university.drafting.drafts import Broken, course_with_slug
from university.revisions.publishing import publish

SPRING = f"{COURSE}/lessons/spring"
TITLE = '<img src="file://{path}"/>'
DRAW = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from certificates import Certificate, Course, Holder, IssuedBy, make_number, render
from university.keys.keyring import KeyRing
from university.settings import read_settings
folder, title = Path(sys.argv[1]), sys.argv[2]
settings = read_settings({"UNIVERSITY_DATA": str(folder)})
keyring = KeyRing(settings.data / "keys")
keyring.make_certificate_keys(settings)
course = Course(slug="rivers", title=title, certificate_title=title, revision=1, revision_sha256="0" * 64,
                language="en", hours=1.0, outcomes=(title,), pass_mark=70)
certificate = Certificate(number=make_number(), version=1, issued_at=datetime.now(UTC), expires_on=None,
                          design="classic", holder=Holder("Ada", "Lovelace"), course=course,
                          issuer=IssuedBy("Us", "http://127.0.0.1:8000"))
(folder / "certificate.pdf").write_bytes(render(certificate, keyring.issuer()))
"""


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port of our own, and who connected to it."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, peer = server.accept()
                except TimeoutError:
                    continue
                heard.append(str(peer))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        ended.set()
        thread.join()


def test_a42_an_address_in_a_text_is_never_called(database: Database, desk: Desk, rivers: Folder) -> None:
    with listening() as (port, heard):
        here = f"http://127.0.0.1:{port}"
        targets = (here, "http://169.254.169.254/", "file:///etc/passwd", f"//127.0.0.1:{port}/x")
        text = "\n\n".join(f"![a]({target}) <{target}> [b]({target})" for target in targets)
        desk.open(SPRING)
        film = {"video.title": "F", "video.url": f"{here}/film", "video.poster": f"{here}/p.png"}
        sent = {**desk.fields(SPRING), **film, "text": text}
        assert desk.client.post(f"{SPRING}/preview", data=sent).status_code == 200
        assert desk.client.post(SPRING, data=sent).status_code == 303
        desk.open(f"{COURSE}/settings")
        desk.send(f"{COURSE}/settings", description=text, cover__file=f"{here}/c.png", authors__0__url=f"{here}/a")
        for path in (SPRING, COURSE, f"{COURSE}/preview/spring", f"{COURSE}/settings", f"{COURSE}/files"):
            assert desk.client.get(path).status_code == 200, path
        with database.writing() as session, pytest.raises(Broken):
            publish(session, course_with_slug(session, "rivers"))
    assert heard == []
    assert draft_of(database).text("modules/01-upstream/01-spring.md").count("169.254.169.254") == 3


def test_a43_a_title_that_looks_like_a_picture_is_words_in_the_document(tmp_path: Path) -> None:
    """The system is asked which files were opened: the one in the title is not among them."""
    bait = tmp_path / "bait.png"
    bait.write_bytes(b"bait")
    title, trace = TITLE.format(path=bait), tmp_path / "trace.txt"
    calls = ["strace", "-f", "-e", "trace=open,openat,openat2,stat,statx,readlink,connect", "-o", str(trace)]
    subprocess.run([*calls, sys.executable, "-c", DRAW, str(tmp_path), title], check=True)
    opened = trace.read_text(errors="replace")
    assert "certificate.pdf" in opened
    assert bait.name not in opened.replace("execve", "")
    shown = subprocess.run(
        ["pdftotext", str(tmp_path / "certificate.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert "<img" in "".join(shown.stdout.split()).replace("\n", "")
    assert "file://" in shown.stdout
