"""Certificates, keys and the outside programs that judge what we draw."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from certificates import Certificate, Course, Holder, IssuedBy, Issuer, PublicKey, PublicKeys, Skill, make_authority

FOUNDED = datetime(2026, 11, 1, tzinfo=UTC)
ISSUED = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
NUMBER = "7KQ29FXDM4TBW8HC"

COURSE = Course(
    slug="secure-design",
    title="Secure design",
    certificate_title="Secure design of web applications",
    revision=3,
    revision_sha256="ab" * 32,
    language="en",
    hours=6.0,
    level="intermediate",
    summary="Find and remove weaknesses of a design before code is written.",
    outcomes=("Draw the trust boundaries of a system", "Rank threats and choose a measure for each"),
    skills=(Skill("Threat modelling", "https://skills.example.org/threats"), Skill("Least privilege")),
    pass_mark=70,
)
ISSUED_BY = IssuedBy(
    name="Example University",
    url="https://learn.example.org",
    signatory_name="Ida Example",
    signatory_role="Head of examples",
    signature_path="M0 40 C20 0 40 0 40 30 S60 50 80 20 Q90 5 100 30 T120 30 L160 30 V34 H120 Z",
    key_id="credential-1",
)


def make_certificate(first_name: str = "Ada", last_name: str = "Lovelace", **course: Any) -> Certificate:
    """A certificate for this name; keywords change the course."""
    holder = course.pop("holder", None) or Holder(first_name, last_name)
    return Certificate(NUMBER, 1, ISSUED, None, "compass-1", holder, replace(COURSE, **course), ISSUED_BY)


def make_issuer(key_id: str = "cert-2026", at: datetime = FOUNDED) -> Issuer:
    key = make_authority("Example University", at).make_signer(key_id, at)
    return Issuer.load(key.id, key.private_key, key.certificate)


def public_keys(*issuers: Issuer, **life: Any) -> PublicKeys:
    """The published list for these issuers; keywords are the moments of each key's life."""
    keys = [PublicKey(one.key_id, "pdf", one.valid_from, certificate=one.certificate, **life) for one in issuers]
    return PublicKeys("Example University", "https://learn.example.org", tuple(keys))


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return make_issuer()


@pytest.fixture(scope="session")
def keys(issuer: Issuer) -> PublicKeys:
    return public_keys(issuer)


@pytest.fixture(scope="session")
def signed(issuer: Issuer) -> bytes:
    """Ada's certificate as a signed file."""
    return issuer.sign(make_certificate(), str)


def run(*command: str | Path) -> str:
    """What an outside program prints; a clear sentence if it is missing, its own words if it fails."""
    if not shutil.which(str(command[0])):
        pytest.fail(f"{command[0]} is not installed; `make test` brings it (tests/tools.sh)")
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def save(tmp_path: Path) -> Callable[[bytes], Path]:
    def save_file(data: bytes) -> Path:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(data)
        return path

    return save_file
