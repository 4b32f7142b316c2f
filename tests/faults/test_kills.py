"""FA1: kill -9 at any moment. What was acknowledged is there, with its mail; what was not is whole or absent."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import only_on
from tests.faults.crowd import Crowd, lies, losses, make_links, settings_of
from tests.faults.figures import Note, Rounds
from tests.live import LiveServer, MailServer
from university.database import Database

SECONDS_BETWEEN_KILLS = (0.3, 0.9)


class SoonTired(MailServer):
    """Takes some mails between the kills, then none: sending them all would leave no time for claims."""

    ENOUGH = 300

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if len(self.mails) >= self.ENOUGH:
            return "421 enough for today"
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mail_server() -> Iterator[SoonTired]:
    with SoonTired() as server:
        yield server


def kill_often(live: LiveServer, kills: int, chance: random.Random) -> None:
    for _ in range(kills):
        time.sleep(chance.uniform(*SECONDS_BETWEEN_KILLS))
        live.kill()
        live.start()


def test_fa1_i1_i2_i3_i4_a_killed_server_loses_nothing_it_acknowledged(
    installation: LiveServer, database: Database, mail_server: SoonTired, rounds: Rounds, figure: Note
) -> None:
    kills, acknowledged = rounds(1, 24), rounds(40, 5000)
    links = make_links(database, acknowledged + rounds(80, 1000))
    installation.settings["UNIVERSITY_SMTP_URL"] = mail_server.address
    with installation as live, Crowd(live.address, links) as crowd:
        kill_often(live, kills, random.Random(20))
        crowd.wait_for(acknowledged, 900)
        live.kill()  # and once more in full swing
    with installation as live:
        pass
    found = losses(database, settings_of(live), crowd.acknowledged, crowd.unheard) + lies(database, mail_server.mails)
    figure(
        f"{kills + 1} kills, {len(crowd.acknowledged)} claims acknowledged, {crowd.unanswered} requests cut off, "
        f"{len(mail_server.mails)} mails sent: {', '.join(found) or '0 lost, 0 without its mail, 0 mails untrue'}"
    )
    assert found == []
    assert len(crowd.acknowledged) >= acknowledged
    assert mail_server.mails


@only_on("sqlite")
def test_fa1_the_harness_finds_certificates_without_mail_if_the_mail_is_written_afterwards(
    installation: LiveServer, database: Database, figure: Note
) -> None:
    installation.variant = "tests.faults.variants.mail_afterwards"
    with installation as live:
        found, kills = kill_until_lost(live, database, random.Random(20))
    figure(f"a variant that writes the mail in a second transaction: found after {kills} kills: {found}")
    assert len(found) == 1
    assert "certificates without exactly one mail" in found[0]


def kill_until_lost(live: LiveServer, database: Database, chance: random.Random) -> tuple[list[str], int]:
    """What does not hold after how many kills."""
    with Crowd(live.address, make_links(database, 400)) as crowd:
        kills = 0
        while kills < 25:
            crowd.wait_for(len(crowd.acknowledged) + 10, 60)
            time.sleep(chance.uniform(0, 0.2))
            live.kill()
            kills += 1
            found = losses(database, settings_of(live), [])
            if found:
                break
            live.start()
    return found, kills
