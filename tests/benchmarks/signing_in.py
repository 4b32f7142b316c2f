"""How long a wrong password takes, for an address with an account and one without: nobody should tell them apart."""

from __future__ import annotations

import statistics
import tempfile
import time

from tests import crew
from university.accounts import signing_in
from university.database import Database
from university.keys.keyring import open_keyring
from university.migrating import migrate
from university.settings import read_settings

TRIES = 60


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"UNIVERSITY_DATA": folder, "UNIVERSITY_LIMITS_FACTOR": "100000"})
        database, keyring = Database(settings), open_keyring(settings)
        migrate(database)
        with database.writing() as session:
            crew.make_member(session, "grace", **crew.typed_factors(settings, "four lighthouses on a rock", bytes(20)))

        def seconds(email: str) -> float:
            began = time.perf_counter()
            assert not signing_in.prove(database, keyring, settings, email, "wrong for sure", "000000")
            return time.perf_counter() - began

        spent: dict[str, list[float]] = {"known": [], "unknown": []}
        for _try in range(TRIES):
            spent["known"].append(seconds("grace@example.org"))
            spent["unknown"].append(seconds("nobody@example.org"))
        database.close()
    known, unknown = (1000 * statistics.median(times) for times in spent.values())
    print(f"wrong password, {TRIES} tries each: known {known:.1f} ms, unknown {unknown:.1f} ms, ", end="")
    print(f"difference of the medians {abs(known - unknown):.1f} ms")
