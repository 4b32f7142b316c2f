"""`university serve` as its owner meets it: the start, several processes, a polite stop, a murdered parent."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import click
import httpx
import psutil
import pytest
from click.testing import CliRunner, Result
from litestar.testing import TestClient
from sqlalchemy import text

from tests.live import LiveServer
from university.cli import main
from university.commands.serving import prepare
from university.database import Database
from university.settings import Settings

LINE_OF_A_REQUEST = {"at", "request", "method", "route", "status", "ms", "bytes", "worker"}


def command(settings: dict[str, str], *words: str) -> Result:
    """A `university` command with these settings, inside of this process."""
    return CliRunner().invoke(
        main, list(words), env={f"UNIVERSITY_{name.upper()}": settings[name] for name in settings}
    )


def test_the_first_start_makes_everything_and_the_next_finds_it(tmp_path: Path, database_url: str) -> None:
    live = LiveServer(tmp_path / "data", database_url=database_url)
    with live:
        said = live.log.read_text()
        first = [line for line in said.splitlines() if not line.startswith("{")]
        assert len(first) == 3, "address, mailbox and the way in, nothing else"
        assert first[0] == f"University is at {live.address}, its data in {live.data}"
        assert first[1].endswith(f"{live.address}/mailbox")
        assert f" at {live.address}/staff/invitations/uni_" in first[2]
        assert "Personal data in plain words" in httpx.get(f"{live.address}/").text
        keys = httpx.get(f"{live.address}/.well-known/certificate-keys.json").json()["keys"]
        assert [key["use"] for key in keys] == ["pdf", "credential"]
        second = live.run("serve", "--port", str(live.port))
        assert (second.returncode, second.stdout) == (1, "")
        assert f"Port {live.port} is taken" in second.stderr
    for path in (live.data / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0, f"others can read {path.name}"
    with live:
        assert httpx.get(f"{live.address}/.well-known/certificate-keys.json").json()["keys"] == keys


def test_a71_a72_every_log_line_is_one_json_object_without_a_word_of_the_visitor(tmp_path: Path) -> None:
    canary = "canary-of-ada"
    with LiveServer(tmp_path / "data") as live:
        httpx.get(f"{live.address}/verify/{canary}", params={"q": canary}, headers={"cookie": f"l={canary}"})
        httpx.get(f"{live.address}/{canary}%0a%1b[31m", headers={"referer": f"http://{canary}"})
        httpx.post(f"{live.address}/verify/file", files={"file": (canary, canary.encode())})
        with socket.create_connection(("127.0.0.1", live.port), timeout=10) as connection:
            connection.sendall(f"GET /{canary} HTTP/1.1\r\nHost: {canary}.example\r\n\r\n".encode())
            assert b" 421 " in connection.recv(4096)
    lines = [json.loads(line) for line in live.log.read_text().splitlines() if line.startswith("{")]
    requests = [line for line in lines if "route" in line]
    assert len(requests) >= 4
    assert all(set(line) == LINE_OF_A_REQUEST for line in requests)
    assert {"/verify/{number}", "/verify/file", "-"} <= {line["route"] for line in requests}
    assert canary not in live.log.read_text()
    assert "\x1b" not in live.log.read_text()


def test_a_polite_stop_finishes_the_request_under_way(tmp_path: Path) -> None:
    live = LiveServer(tmp_path / "data")
    live.start()
    replace_its_worker(live)
    body = b"language=nl&next=/"
    head = (
        f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"  # the program asks for what it waits for
        connection.sendall(body[:5])
        stopping = threading.Thread(target=live.stop)
        stopping.start()
        time.sleep(0.5)
        connection.sendall(body[5:])
        answer = connection.recv(4096)
    stopping.join()
    assert answer.startswith(b"HTTP/1.1 303")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{live.address}/healthz")


def replace_its_worker(live: LiveServer) -> None:
    """Kills the process that answers; another one must take its place."""
    assert live.process is not None
    worker = psutil.Process(live.process.pid).children()[0]
    worker.kill()
    worker.wait()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            assert httpx.get(f"{live.address}/readyz", timeout=5).status_code == 200
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("nobody took the place of the killed process")


def test_many_processes_have_one_address_and_none_outlives_its_parent(tmp_path: Path) -> None:
    live = LiveServer(tmp_path / "data", processes=2)
    del live.settings["UNIVERSITY_BASE_URL"]  # then it follows the port
    live.start()
    assert live.process is not None
    for _ in range(8):
        said = httpx.get(f"{live.address}/.well-known/security.txt").text
        assert f"Canonical: {live.address}/.well-known/security.txt" in said
    workers = psutil.Process(live.process.pid).children(recursive=True)
    assert len(workers) >= 2
    os.kill(live.process.pid, signal.SIGKILL)
    live.process.wait()
    _gone, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


def test_not_ready_on_a_schema_it_does_not_know(client: TestClient, database: Database) -> None:
    assert client.get("/readyz").text == "ready\n"
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = client.get("/readyz", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert "9999" in answer.json()["detail"]
    assert client.get("/healthz").status_code == 200


def test_a_broken_ledger_stops_the_start_and_takes_a_running_process_out(
    client: TestClient, settings: Settings
) -> None:
    assert client.get("/readyz").status_code == 200
    (settings.data / "ledger").mkdir(parents=True, exist_ok=True)
    (settings.data / "ledger" / "ledger.jsonl").write_text('{"seq": 1, "event": "erase"}\n')
    assert client.get("/readyz").status_code == 503
    with pytest.raises(click.ClickException, match="rights ledger, record 1"):
        prepare(settings)


def test_unknown_and_wrong_settings_stop_the_start_and_are_named() -> None:
    done = command({"colour": "blue", "base_url": "ftp://x"}, "serve")
    assert done.exit_code == 2
    assert "UNIVERSITY_COLOUR: there is no such setting" in done.output
    assert "UNIVERSITY_BASE_URL" in done.output


def test_the_doctor_finds_a_healthy_installation(client: TestClient, settings: Settings) -> None:
    values = {"data": str(settings.data), "database_url": settings.database_url}
    done = command(values, "doctor")
    assert done.exit_code == 0, done.output
    for about in ("versions", "setting", "keys", "disk", "mail", "database", "clock", "schema", "outbox"):
        assert any(line.split()[1] == about for line in done.output.splitlines()), about
    assert "look  limits" in command({**values, "limits_factor": "2"}, "doctor").output
    (settings.data / "keys" / "cert-copy.pem").write_text("x")
    (settings.data / "keys" / "cert-copy.pem").chmod(0o644)
    done = command(values, "doctor")
    assert "others can read cert-copy.pem" in done.output
    assert done.exit_code == 1


def test_the_doctor_names_silent_neighbours_and_no_secret(tmp_path: Path) -> None:
    neighbours = {
        "data": str(tmp_path),
        "smtp_url": "smtp://ada:s3cret@127.0.0.1:9",
        "database_url": "postgresql+psycopg://nobody:s3cret@127.0.0.1:9/none",
    }
    done = command(neighbours, "doctor")
    assert done.exit_code == 1
    assert "BAD   mail" in done.output
    assert "BAD   database" in done.output
    assert "s3cret" not in done.output
