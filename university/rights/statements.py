"""The versions of the privacy statement: which one is in force, and the digest that a consent keeps of it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from university.language import DEFAULT

# The newest first; older ones stay readable at their own address.
VERSIONS = ("2026-01",)
# The prose stands beside the pages that show it.
PROSE = Path(__file__).parents[1] / "privacy"


def in_force() -> str:
    """The version that people see who decide now."""
    return VERSIONS[0]


def language_of(version: str, language: str) -> str:
    """The language the prose is shown in: English where nobody answers for a translation yet."""
    return language if _prose(version, language).is_file() else DEFAULT


def digest(version: str, language: str) -> str:
    """SHA-256 of the prose as it is written: what a consent to it refers to."""
    return sha256(_prose(version, language_of(version, language)).read_bytes()).hexdigest()


def _prose(version: str, language: str) -> Path:
    return PROSE / f"statement_{version}_{language}.html"
