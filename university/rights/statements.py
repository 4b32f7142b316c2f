"""The versions of the privacy statement: which one is in force, and the digest that a consent keeps of it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

# The newest first; older ones stay readable at their own address.
VERSIONS = ("2026-01",)
# The prose stands beside the pages that show it.
PROSE = Path(__file__).parents[1] / "privacy"


def in_force() -> str:
    """The version that people see who decide now."""
    return VERSIONS[0]


def digest(version: str, language: str) -> str:
    """SHA-256 of the prose as it is written: what a consent to it refers to."""
    return sha256((PROSE / f"statement_{version}_{language}.html").read_bytes()).hexdigest()
