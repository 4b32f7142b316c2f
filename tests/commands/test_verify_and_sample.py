"""`university verify` and `university sample`: certificates in the terminal, online and off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete

from certificates import digest_of, make_number, render
from tests.cast import make_course
from tests.verify.conftest import award, full_certificate
from university import clock
from university.cli import main
from university.database import Database
from university.keys.keyring import KeyRing
from university.models import Award, Tombstone
from university.settings import Settings

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings) -> Command:
    """A `university` command on this installation."""
    environment = {"UNIVERSITY_DATA": str(settings.data), "UNIVERSITY_DATABASE_URL": settings.database_url}
    return partial(CliRunner().invoke, main, env=environment)


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    keyring = KeyRing(settings.data / "keys")
    keyring.make_certificate_keys(settings)
    return keyring


@pytest.fixture
def paper(tmp_path: Path, database: Database, settings: Settings, keyring: KeyRing) -> Path:
    """Ada's certificate as a file, with its award."""
    number = make_number()
    with database.writing() as session:
        award(session, make_course(session), number=number)
    path = tmp_path / f"{number}.pdf"
    path.write_bytes(render(full_certificate(number), keyring.issuer()))
    return path


def test_a_valid_file_exits_with_0_and_says_so(command: Command, paper: Path) -> None:
    done = command(["verify", str(paper)])
    assert done.exit_code == 0
    assert done.output.startswith("Valid. The file is untouched.\n")
    assert "Secure design of software" in done.output
    assert "Revocation not asked" not in done.output
    document = json.loads(command(["verify", str(paper), "--json"]).output)
    assert (document["result"], document["standing"], document["revocation_asked"]) == ("valid", "valid", True)


def test_the_record_decides_where_it_can_be_asked(command: Command, paper: Path, database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(Award))
        session.add(Tombstone(number_sha256=digest_of(paper.stem), withdrawn_on=clock.now().date()))
    done = command(["verify", str(paper)])
    assert (done.exit_code, done.output.split(".")[0]) == (1, "Withdrawn")
    with database.writing() as session:
        session.execute(delete(Tombstone))
    assert command(["verify", str(paper)]).output.startswith("Not ours.")


def test_a_changed_file_and_a_foreign_one_exit_with_1(command: Command, paper: Path, tmp_path: Path) -> None:
    changed, foreign = tmp_path / "changed.pdf", tmp_path / "foreign.pdf"
    changed.write_bytes(paper.read_bytes() + b"\n")
    foreign.write_bytes(b"%PDF-1.7\nhello")
    assert (command(["verify", str(changed)]).exit_code, command(["verify", str(foreign)]).exit_code) == (1, 1)
    assert command(["verify", str(changed)]).output.startswith("Changed.")
    assert command(["verify", str(foreign)]).output.startswith("Not ours.")


def test_what_cannot_be_read_exits_with_2(command: Command, paper: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    for words in (
        [str(tmp_path / "none.pdf")],
        [str(empty)],
        ["http://127.0.0.1:9/x.pdf"],
        [str(paper), "--keys", str(tmp_path / "none.json")],
        [str(paper), "--keys", str(paper)],
        [str(paper), "--keys", "http://127.0.0.1:9/keys.json"],
    ):
        done = command(["verify", *words])
        assert done.exit_code == 2, words
        assert "Could not check." in done.output
        assert json.loads(command(["verify", *words, "--json"]).stdout)["result"] == "could_not_check"


def test_a_silent_database_is_no_yes(paper: Path, settings: Settings) -> None:
    environment = {
        "UNIVERSITY_DATA": str(settings.data),
        "UNIVERSITY_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none",
    }
    assert CliRunner().invoke(main, ["verify", str(paper)], env=environment).exit_code == 2


def test_offline_the_last_day_counts_and_revocation_is_not_asked(
    command: Command, tmp_path: Path, settings: Settings, keyring: KeyRing
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(keyring.public_keys(settings).to_json()))
    for last_day, status in ((None, 0), (date(2099, 1, 1), 0), (date(2020, 1, 1), 1)):
        paper = tmp_path / f"{status}.pdf"
        paper.write_bytes(render(full_certificate(make_number(), expires_on=last_day), keyring.issuer()))
        done = command(["verify", str(paper), "--keys", str(keys)])
        assert done.exit_code == status, last_day
        assert "Revocation not asked" in done.output
    bare = CliRunner().invoke(main, ["verify", str(paper)], env={"UNIVERSITY_DATA": str(tmp_path / "elsewhere")})
    assert bare.exit_code == 1
    assert bare.output.startswith("Not ours.")
    assert not (tmp_path / "elsewhere").exists()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """An address where the files of `tmp_path` can be fetched."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_file_and_keys_may_be_addresses(
    command: Command, paper: Path, web: str, settings: Settings, keyring: KeyRing, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(keyring.public_keys(settings).to_json()))
    done = command(["verify", f"{web}/{paper.name}", "--keys", f"{web}/keys.json"])
    assert (done.exit_code, done.output.split(".")[0]) == (0, "Valid")
    assert command(["verify", f"{web}/none.pdf"]).exit_code == 2


def test_specimens_are_drawn_per_line_and_marked(command: Command, tmp_path: Path, settings: Settings) -> None:
    names, out = tmp_path / "names.txt", tmp_path / "out"
    names.write_text("Ada Lovelace\n\n# nobody\nNoor van den Berg\nX9\nA\u202eb\n" + "W" * 70 + "\nZoë\n")
    done = command(["sample", "--names", str(names), "--out", str(out)])
    assert done.exit_code == 1
    assert [line.split(":")[:2] for line in done.output.splitlines()] == [[n, " refused"] for n in ("5", "6", "7")]
    files = [f"{line}.{kind}" for line in ("0001", "0004", "0008") for kind in ("json", "pdf")]
    assert sorted(path.name for path in out.iterdir()) == [*files, "certificate-keys.json"]
    with pikepdf.open(out / "0004.pdf") as pdf:
        assert "SPECIMEN" in str(pdf.open_metadata()["dc:title"])
    keys = str(out / "certificate-keys.json")
    for kind in ("pdf", "json"):
        assert command(["verify", str(out / f"0001.{kind}"), "--keys", keys]).exit_code == 0
        assert command(["verify", str(out / f"0001.{kind}")]).output.startswith("Not ours.")
    assert not (settings.data / "keys").exists(), "specimens never touch the key ring"


def test_one_specimen_of_one_name(command: Command, tmp_path: Path) -> None:
    done = command(["sample", "--name", "Grace Hopper", "--out", str(tmp_path / "out")])
    assert (done.exit_code, done.output) == (0, "")
    assert (tmp_path / "out" / "0001.pdf").read_bytes().startswith(b"%PDF-")
    assert command(["sample", "--out", str(tmp_path)]).exit_code == 2
    assert command(["sample", "--name", "<b>", "--out", str(tmp_path / "out")]).output.startswith("1: refused: ")
