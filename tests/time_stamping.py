"""A time-stamping authority of our own: openssl's, behind a web address."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

CONFIGURATION = """\
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class TimeStampingAuthority:
    """Answers requests; `broken` makes it answer nonsense instead, `moved` name another address of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address, self.asked = folder, address, 0
        self.broken = self.moved = False
        self.followed = 0

    def reply(self, query: bytes) -> bytes:
        self.asked += 1
        if self.broken:
            return b"not today"
        (self.folder / "query").write_bytes(query)
        _openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply", at=self.folder)
        return (self.folder / "reply").read_bytes()


@contextmanager
def time_stamping_authority(folder: Path) -> Iterator[TimeStampingAuthority]:
    folder.mkdir()
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    _openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "3650", "-subj", "/CN=Test time"),
        *("-addext", "extendedKeyUsage=critical,timeStamping", "-addext", "keyUsage=critical,digitalSignature"),
        *("-keyout", "tsa.key", "-out", "tsa.pem"),
        at=folder,
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.reply(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(302 if authority.moved else 200)
            if authority.moved:
                self.send_header("location", f"{authority.address}elsewhere")
            self.send_header("content-type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            authority.followed += 1
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority = TimeStampingAuthority(folder, f"http://127.0.0.1:{server.server_port}/")
        Thread(target=server.serve_forever, daemon=True).start()
        yield authority
        server.shutdown()


def _openssl(*words: str, at: Path) -> None:
    subprocess.run(["openssl", *words], cwd=at, check=True, capture_output=True)
