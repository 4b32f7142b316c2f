"""pg_dump and pg_restore of a version that fits the server: an older pg_dump refuses a newer server."""

from __future__ import annotations

import os
import re
import subprocess
from functools import lru_cache
from pathlib import Path

from sqlalchemy import make_url

from university.backups.faults import BackupFault
from university.settings import Settings

# Where packages of PostgreSQL leave the tools of each version beside each other.
USUAL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


def run_tool(settings: Settings, name: str, server: int, *words: str) -> str:
    """Runs the tool that fits a server of major version `server`; its output. BackupFault if it fails.

    What it says about a failure may quote rows: only its first line is told, and that without what stands in quotes.
    """
    tool = find_tool(name, server, settings.postgres_tools)
    done = subprocess.run([str(tool), *words], env=_environment(settings), capture_output=True, text=True, check=False)
    if done.returncode:
        said = re.sub(r'"[^"]*"', "…", next(iter(done.stderr.splitlines()), ""))
        raise BackupFault(f"{name} ended with status {done.returncode}: {said[:200]}")
    return done.stdout


def address(settings: Settings, database: str | None = None) -> str:
    """The database as the tools take it: without the password, which other users would see among our processes."""
    url = make_url(settings.sqlalchemy_url).set(drivername="postgresql")
    url = url._replace(password=None)
    return (url.set(database=database) if database else url).render_as_string(hide_password=False)


@lru_cache
def find_tool(name: str, server: int, folder: Path | None = None) -> Path:
    """The oldest version that is not older than the server."""
    folders = [folder] if folder else _folders()
    found = {version: path for path in _named(name, folders) if (version := _version(path)) >= server}
    if not found:
        looked = f"in {folder}" if folder else "on the path"
        raise BackupFault(
            f"there is no {name} {server} or newer {looked}: install it, or set UNIVERSITY_POSTGRES_TOOLS"
        )
    return found[min(found)]


def _folders() -> list[Path]:
    usual = [path for pattern in USUAL for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    return [*map(Path, os.environ.get("PATH", "").split(os.pathsep)), *usual]


def _named(name: str, folders: list[Path]) -> list[Path]:
    # Later ones first, so that of two with one version the first on the path is left over.
    return [folder / name for folder in reversed(folders) if os.access(folder / name, os.X_OK)]


def _version(tool: Path) -> int:
    said = subprocess.run([str(tool), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def _environment(settings: Settings) -> dict[str, str]:
    password = make_url(settings.sqlalchemy_url).password
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
