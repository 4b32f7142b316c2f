"""The one place that asks what time it is, so that a test can answer."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware and in UTC. Call it as ``clock.now()``: a test replaces it in this module."""
    return datetime.now(UTC)
