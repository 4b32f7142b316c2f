"""A77: what is released is locked by hash, and a fault that is known, or that nobody could look up, stops it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import release
from tests.release import NotFit

ROOT = Path(__file__).parents[1]


def test_a77_everything_we_install_is_locked_by_version_and_hash() -> None:
    for path in (ROOT / "requirements.txt", ROOT / "tests/requirements.txt"):
        assert len(release.locked(path.read_text(encoding="utf-8"))) > 50
    for text in ("litestar==2.25.0\n", "litestar>=2.25 \\\n    --hash=sha256:00\n"):
        with pytest.raises(NotFit, match="not locked"):
            release.locked(text)


def test_a77_a_package_with_another_hash_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "lamp-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("lamp.py", "")
        archive.writestr("lamp-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lamp\nVersion: 1.0\n")
        archive.writestr("lamp-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("lamp-1.0.dist-info/RECORD", "")
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for digest, status in ((right, 0), ("0" * 64, 1)):
        (tmp_path / "locked.txt").write_text(f"lamp==1.0 --hash=sha256:{digest}\n")
        words = ["install", "--dry-run", "--quiet", "--no-index", "--find-links", str(tmp_path), "--require-hashes"]
        pip = [sys.executable, "-m", "pip", *words, "-r", str(tmp_path / "locked.txt")]
        assert subprocess.run(pip, capture_output=True, check=False).returncode == status


def test_a77_a_known_fault_and_a_silent_index_both_stop_the_release() -> None:
    clean = {"name": "litestar", "version": "2.25.0", "vulns": []}
    release.judge_audit(json.dumps({"dependencies": [clean]}))
    for other, said in (
        ({"name": "lamp", "version": "1.0", "vulns": [{"id": "CVE-2026-1"}]}, "lamp: CVE-2026-1"),
        ({"name": "lamp", "skip_reason": "not found"}, "1 of 2 requirements could not be looked up"),
    ):
        with pytest.raises(NotFit, match=said):
            release.judge_audit(json.dumps({"dependencies": [clean, other]}))
    with pytest.raises(NotFit):
        release.judge_audit('{"dependencies": []}')


def test_a77_a_bill_of_materials_that_lacks_something_stops_the_release() -> None:
    sbom = json.dumps({"components": [{"name": "Litestar", "version": "2.25.0"}]})
    release.judge_sbom(sbom, {"litestar": "2.25.0"})
    for requirements in ({"litestar": "2.25.1"}, {"litestar": "2.25.0", "lamp": "1.0"}):
        with pytest.raises(NotFit, match="lacks 1 requirement"):
            release.judge_sbom(sbom, requirements)
