"""FA4: a mail server that takes the connection and then says nothing. Nobody who claims waits for it."""

from __future__ import annotations

import socket
import statistics
from time import perf_counter

import httpx
from sqlalchemy import func, select

from tests.cast import make_passed_enrolment, publish_sample
from tests.faults.crowd import OURS
from tests.faults.figures import Note, Rounds
from tests.live import LiveServer
from university.database import Database
from university.models import Claim, Outbox

AT_MOST_MS = 500


def claim(live: LiveServer, secret: str, n: int) -> float:
    """Milliseconds until the answer."""
    form = {"first_name": "Ada", "last_name": "Lovelace", "email": f"ada-{n}@example.org"}
    begun = perf_counter()
    headers = {**OURS, "cookie": f"e={secret}"}
    answer = httpx.post(f"{live.address}/claims/rivers", data=form, headers=headers, timeout=30)
    assert answer.status_code == 303
    return 1000 * (perf_counter() - begun)


def test_fa4_while_the_mail_server_is_silent_every_claim_is_taken_at_once(
    installation: LiveServer, database: Database, rounds: Rounds, figure: Note
) -> None:
    course = publish_sample(database)
    secrets = [make_passed_enrolment(database, course) for _ in range(rounds(5, 50))]
    installation.processes = 1
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        installation.settings["UNIVERSITY_SMTP_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with installation as live:
            claim(live, secrets[0], 0)
            waiting, _address = silent.accept()  # from here on the program waits for a word
            with waiting:
                spent = [claim(live, secret, n) for n, secret in enumerate(secrets[1:], start=1)]
                with database.reading() as session:
                    claims = session.scalar(select(func.count()).select_from(Claim))
                    unsent = session.scalar(select(func.count()).where(Outbox.sent_at.is_(None)))
    figure(
        f"{len(spent)} claims answered while the mail server was silent: median {statistics.median(spent):.0f} ms, "
        f"slowest {max(spent):.0f} ms (at most {AT_MOST_MS}); all {unsent} mails kept"
    )
    assert (claims, unsent) == (len(secrets), len(secrets))
