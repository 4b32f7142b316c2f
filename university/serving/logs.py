"""The program's log: one JSON line per event on standard output, without a word that somebody typed.

Messages of exceptions and of other people's libraries may quote what was sent to us or what the database holds, so
they are left out: a fault is told by its types and places.
"""

from __future__ import annotations

import json
import logging.config
import traceback
from datetime import UTC, datetime
from typing import Any

# Whose messages are known to hold nothing personal. Granian's speak of processes and sockets.
TRUSTED = ("university", "_granian", "alembic")


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "university.serving.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"university": {"level": "INFO"}, "_granian": {"level": "WARNING"}},
}


def log_to_stdout() -> None:
    """Sends every log line of this process to standard output."""
    logging.config.dictConfig(CONFIGURATION)


class JsonLines(logging.Formatter):
    """A message that is a JSON object goes out as it is; anything else becomes one."""

    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name.partition(".")[0] in TRUSTED
        message = record.getMessage() if is_ours else ""
        if message.startswith("{"):
            return message
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "place": f"{record.filename}:{record.lineno}",
        }
        if message:
            line["message"] = message
        if record.exc_info and record.exc_info[1]:
            line.update(fault_of(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def fault_of(error: BaseException) -> dict[str, Any]:
    """Types and places of an exception and its causes; neither messages nor local variables."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        chain.append(type(seen).__qualname__)
        seen = seen.__cause__ or seen.__context__
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return {"fault": chain, "at": frames[-12:]}
