"""Lighthouse on the pages people come to first, as on a phone and at a desk: python -m tests.lighthouse

Prints a table of its four scores, how far things moved, and what it finds fault with. Pages of certificates ask search
engines to leave them out, which Lighthouse holds against them: their third score is 100 but for that one finding.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.cast import make_award
from tests.journeys.conftest import BROWSERS
from tests.live import LiveServer
from university.database import Database
from university.models import Course
from university.settings import read_settings

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
COURSE = "/courses/personal-data-in-plain-words"
SORTS = ("performance", "accessibility", "best-practices", "seo")
SCREENS: dict[str, list[str]] = {"phone": [], "desk": ["--preset=desktop"]}
# What it cannot know: nobody is meant to find a certificate by searching, and there is no https on this machine.
ALLOWED = {"is-crawlable", "is-on-https", "redirects-http"}


def pages(server: LiveServer) -> dict[str, str]:
    database = Database(read_settings(server.environment))
    with database.writing() as session:
        course = session.scalars(select(Course).where(Course.slug == COURSE.rpartition("/")[2])).one()
        number = make_award(session, course=course).number
    database.close()
    return {
        "catalogue": "/",
        "course": COURSE,
        "lesson": f"{COURSE}/what-counts",
        "verify": "/verify",
        "certificate": f"/verify/{number}",
    }


def examined(address: str, screen: list[str]) -> dict[str, Any]:
    """Its whole report on one page."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), "")
    chrome = "--headless=new --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    told = subprocess.run(
        ["node", str(PROGRAM), address, "--output=json", "--quiet", f"--chrome-flags={chrome}", *screen],
        env={**os.environ, **({"CHROME_PATH": browser} if browser else {})},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(told.stdout))


def faults(report: dict[str, Any]) -> Iterator[str]:
    """What it took points off for."""
    for sort in SORTS:
        for part in report["categories"][sort]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield part["id"]


def main() -> None:
    if not PROGRAM.exists():
        sys.exit("Lighthouse is not there yet: make lighthouse fetches it.")
    is_good = True
    print(f"{'page':12}{'screen':8}" + "".join(f"{sort:>16}" for sort in SORTS) + f"{'moved':>8}  faults")
    with tempfile.TemporaryDirectory() as folder, LiveServer(Path(folder) / "data") as server:
        for page, path in pages(server).items():
            for screen, options in SCREENS.items():
                report = examined(server.address + path, options)
                scores = [round(100 * report["categories"][sort]["score"]) for sort in SORTS]
                moved = report["audits"]["cumulative-layout-shift"]["numericValue"]
                found = sorted(set(faults(report)))
                is_good &= scores[0] >= 99 and moved == 0 and set(found) <= ALLOWED
                figures = "".join(f"{score:16}" for score in scores)
                print(f"{page:12}{screen:8}{figures}{moved:8.3f}  {' '.join(found)}", flush=True)
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
