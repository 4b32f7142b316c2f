"""The real program in processes of its own, and a real mail server beside it."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests import ready
from tests.static import lend
from university.cli import main

UNIVERSITY = str(Path(sys.executable).with_name("university"))
START_SECONDS = 60
STOP_SECONDS = 20


_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port of our own until this process ends. It stays bound, so that nobody else is given it before a server of
    ours listens there, or while one is away; whoever connects meanwhile is refused."""
    held = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        held.setsockopt(socket.SOL_SOCKET, option, 1)
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    return int(held.getsockname()[1])


# Reading modules and courses takes most of a start. One process does it once and is forked for every start.
_READ_ALREADY = multiprocessing.get_context("forkserver")
_READ_ALREADY.set_forkserver_preload(["tests.live", "tests.warm"])


class Forked:
    """`university` with these words, in a process and a process group of its own; to be used like a `Popen`."""

    def __init__(self, words: list[str], environment: dict[str, str], log: Path, variant: str) -> None:
        self._process = _READ_ALREADY.Process(target=_run, args=(words, environment, log, variant))
        self._process.start()
        assert self._process.pid
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, seconds: float | None = None) -> int:
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("university", seconds or 0)
        return self._process.exitcode


def _run(words: list[str], environment: dict[str, str], log: Path, variant: str) -> None:
    os.setsid()
    multiprocessing.set_start_method("fork", force=True)  # the server's own processes, as when it is started by a shell
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    ready.use()
    if variant:
        import_module(variant)
    main(words, "university")


class LiveServer:
    """`university serve` on a port of its own; usable as a context manager."""

    def __init__(self, data: Path, *, processes: int = 1, **settings: str) -> None:
        self.data = data
        self.processes = processes
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "UNIVERSITY_DATA": str(data),
            "UNIVERSITY_BASE_URL": self.address,
            "UNIVERSITY_TESTING": "1",
            "UNIVERSITY_LIMITS_FACTOR": "1000",
            **{f"UNIVERSITY_{name.upper()}": value for name, value in settings.items() if value},
        }
        # Put before the command, such as a tracer; variables that are no settings of ours, such as a false clock; and
        # a module to import first, which makes a mistake that the tests must find.
        self.before: list[str] = []
        self.extra: dict[str, str] = {}
        self.variant = ""
        self.log = data.parent / f"{data.name}-{self.port}.log"
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def call_it(self, name: str) -> None:
        """Another loopback name than the figures; before the start."""
        self.address = f"http://{name}:{self.port}"
        self.settings["UNIVERSITY_BASE_URL"] = self.address

    def __enter__(self) -> LiveServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNIVERSITY_")}
        return {**inherited, **self.settings, **self.extra}

    def start(self) -> None:
        lend(self.data)
        words = ["serve", "--port", str(self.port), "--processes", str(self.processes)]
        if self.before or self.extra:  # these want to see the very beginning
            self.process = self._execute(words)
        else:
            self.process = Forked(words, self.environment, self.log, self.variant)
        try:
            self._wait_until_ready()
        except BaseException:
            self.kill()
            raise

    def _execute(self, words: list[str]) -> subprocess.Popen[bytes]:
        first = f"import {self.variant}; " if self.variant else ""
        program = [sys.executable, "-c", f"{first}from university.cli import main; main(prog_name='university')"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self.before, *program, *words],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
        """Another `university` command on the same installation."""
        return subprocess.run([UNIVERSITY, *words], env=self.environment, capture_output=True, text=True, check=False)

    def stop(self) -> int:
        """Asks politely and waits; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {STOP_SECONDS} s") from None

    def kill(self) -> None:
        """kill -9 of every process of the server, as a power cut would."""
        assert self.process is not None
        with suppress(ProcessLookupError):  # it was gone already
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended while starting:\n{self.log.read_text()[-3000:]}")
            try:
                if httpx.get(f"{self.address}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"the server was not ready in time:\n{self.log.read_text()[-3000:]}")


class MailServer:
    """A real SMTP server that keeps what it was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=20)

    def __enter__(self) -> MailServer:
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.recipients.append(list(envelope.rcpt_tos))
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return "250 kept"

    def wait_for(self, count: int, seconds: float = 60) -> EmailMessage:
        """The `count`th mail, as soon as it is there."""
        until = time.monotonic() + seconds
        while len(self.mails) < count:
            assert time.monotonic() < until, f"{len(self.mails)} of {count} mails after {seconds} s"
            time.sleep(0.05)
        return self.mails[count - 1]


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in the mail's text whose path begins with `path`."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://[^\s/]+({re.escape(path)}[^\s>)\"]*)", body.get_content())
    assert found, f"no link to {path} in the mail"
    return found.group(0)
