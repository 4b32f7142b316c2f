"""`university serve`: migrate, make keys, load the bundled courses into an empty database, serve."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import socket
import threading
import time
from functools import partial

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from university.accounts import invitations
from university.app import create_app
from university.awarding.credentialing import issue_missing
from university.backups.making import remove_left_copies
from university.commands.environment import settings_or_exit
from university.commands.rights import carry_out_ledger
from university.commands.working import start_worker
from university.database import Database
from university.keys.day_keys import open_day_keys
from university.keys.keyring import open_keyring
from university.migrating import migrate
from university.operating import health, in_use
from university.revisions.bundled import load_bundled_courses
from university.revisions.passages import index_missing
from university.serving import logs
from university.serving.gate import Asgi
from university.serving.house_style import static_files
from university.settings import Settings, read_settings

log = logging.getLogger("university.clock")

# A request line and all its headers; granian would take 400 kB.
HEAD_BYTES = 64 * 1024
# A stop waits this long for requests under way; a worker that was still starting never hears the signal.
STOP_SECONDS = 10
PARENT_CHECK_SECONDS = 1.0
# What the start supposes and was told, for its processes; no setting, so that what is chosen later can win over it.
START = "_UNIVERSITY_START"
# Processes of a server that was just killed leave within this time.
PORT_SECONDS = 3.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", type=click.IntRange(1, 64), help="Worker processes; default UNIVERSITY_PROCESSES.")
def serve(host: str, port: int, processes: int | None) -> None:
    """Bring everything up to date and serve."""
    settings = settings_of_start(port, processes)
    refuse_taken_port(host, port)
    logs.log_to_stdout()
    with in_use.using(settings):
        first_owner = prepare(settings)
        for line in greeting(settings, first_owner):
            click.echo(line)
        server(settings, host, port).serve()


def server(settings: Settings, host: str, port: int) -> MPServer:
    """Granian, set up for us: HTTP/1.1 behind a proxy or alone, short heads, a stop that finishes requests."""
    return MPServer(
        "university.commands.serving:app",
        factory=True,
        address=host,
        port=port,
        workers=settings.processes,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEAD_BYTES),
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.CONFIGURATION,
    )


def refuse_taken_port(host: str, port: int) -> None:
    """Two servers would silently share one port, each answering half of the requests."""
    until = time.monotonic() + PORT_SECONDS
    while not _is_free(host, port):
        if time.monotonic() > until:
            raise click.ClickException(f"Port {port} is taken: something is being served there. Choose another --port.")
        time.sleep(0.1)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended do not count
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise click.ClickException(f"Cannot listen on {host}, port {port}: {error.strerror}") from None
        return True


def app() -> Asgi:
    """What each worker process loads."""
    logs.log_to_stdout()
    _follow_parent()
    settings = read_settings(**json.loads(os.environ.get(START, "{}")))
    # Each process sends mail too: it wakes up at once for what its own requests left in the outbox.
    return create_app(settings, on_shutdown=[start_worker(settings).stop], renew=partial(_renew, os.getppid()))


def _renew(parent: int) -> None:
    """Asks the parent for new processes, which read the settings anew; each old one ends when the next is up."""
    os.kill(parent, signal.SIGHUP)


def prepare(settings: Settings) -> str | None:
    """Everything that must be true before the first request, done once by one process. The link for the first owner,
    as long as nobody can sign in."""
    keyring = open_keyring(settings)
    keyring.make_certificate_keys(settings)
    open_day_keys(settings).make_recovery_key()
    remove_left_copies(settings)
    static_files(settings)
    database = Database(settings)
    try:
        migrate(database)
        carry_out_ledger(database, settings)
        issue_missing(database, keyring, settings)
        load_bundled_courses(database)
        warn_of_wrong_clock(database)
        with database.writing() as session:
            index_missing(session)
            token = invitations.make_for_first_owner(session)
        return settings.link(f"/staff/invitations/{token}") if token else None
    finally:
        database.close()


def warn_of_wrong_clock(database: Database) -> None:
    """Nothing but the newest certificates tells that the clock was put back."""
    with database.reading() as session:
        if count := health.dated_ahead(session):
            log.warning("the clock was or is wrong: %s certificates are dated later than it is now", count)


def greeting(settings: Settings, first_owner: str | None) -> list[str]:
    """The lines that matter to whoever just typed the command: the address, the mailbox, the way in."""
    lines = [f"{settings.site_name} is at {settings.base_url}, its data in {settings.data.resolve()}"]
    if settings.has_local_mailbox:
        lines.append(f"No mail leaves this machine: read it at {settings.link('/mailbox')}")
    if first_owner:
        lines.append(f"Nobody works here yet. The first owner signs up within 72 hours, once, at {first_owner}")
    return lines


def settings_of_start(port: int, processes: int | None) -> Settings:
    """The settings of this start, left in the environment so that every process of it reads the same."""
    told = {"presumed": {"base_url": f"http://127.0.0.1:{port}"}, "processes": processes}
    os.environ[START] = json.dumps(told)
    return settings_or_exit(**told)


def _follow_parent() -> None:
    """Ends this process soon after the one that started it was killed: nobody would stop or replace it any more."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()
