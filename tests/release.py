"""What a release must pass beyond the tests: `make release-check`.

Known faults of what we depend on, a bill of materials, an installation from locked hashes alone, and how this very
interpreter treats encoded words in mail headers. The first line that does not hold ends it with status 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKED = ROOT / "requirements.txt"
SBOM = ROOT / "build" / "sbom.json"
# On some versions of Python this becomes a real header (the class of CVE-2024-6923).
ENCODED_WORD = "=?utf-8?q?A=0D=0ABcc:_x=40example.org?="


class NotFit(Exception):
    """Why this must not be released."""


def locked(text: str) -> dict[str, str]:
    """Name and version of every locked requirement. NotFit if one of them has no hash."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.M).strip())
    found = {}
    for entry in entries:
        match = re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", entry)
        if not match or "--hash=sha256:" not in entry:
            raise NotFit(f"not locked by version and hash: {entry.splitlines()[0]}")
        found[match[1].lower()] = match[2]
    return found


def judge_audit(report: str) -> None:
    """pip-audit's JSON. NotFit for a known fault, and also for what nobody could look up: silence is no answer."""
    dependencies = json.loads(report)["dependencies"]
    faulty = [f"{one['name']}: {one['vulns'][0]['id']}" for one in dependencies if one.get("vulns")]
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    if faulty:
        raise NotFit(f"known faults: {', '.join(faulty)}")
    if unknown or not dependencies:
        raise NotFit(f"{len(unknown)} of {len(dependencies)} requirements could not be looked up")


def judge_sbom(sbom: str, requirements: dict[str, str]) -> None:
    """NotFit if the bill of materials lacks a requirement or names another version."""
    listed = {one["name"].lower(): one["version"] for one in json.loads(sbom).get("components", [])}
    lacking = sorted(name for name, version in requirements.items() if listed.get(name) != version)
    if lacking:
        raise NotFit(f"the bill of materials lacks {len(lacking)} requirements, first {lacking[0]}")


def judge_interpreter() -> None:
    """NotFit if this Python lets an encoded word grow into a header of its own: the mailer refuses it all the same."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "x"
    message.replace_header("Subject", ENCODED_WORD)
    parsed = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
    if "Bcc" in parsed or "Bcc:" in message.as_string().partition("\n\n")[0].replace(ENCODED_WORD, ""):
        raise NotFit(f"Python {sys.version.split()[0]} turns encoded words into headers: build with a patched one")


def audit(form: str) -> str:
    words = ["pip-audit", "-r", str(LOCKED), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    tool = Path(sys.executable).with_name(words[0])
    return subprocess.run([str(tool), *words[1:], "-f", form], capture_output=True, text=True, check=False).stdout


def install_from_hashes() -> None:
    """A fresh environment from the locked file alone."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        words = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--no-deps",
            "-r",
            str(LOCKED),
        ]
        done = subprocess.run([f"{folder}/bin/pip", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotFit(f"the locked requirements do not install: {done.stderr.strip().splitlines()[-1]}")


def main() -> int:
    requirements = locked(LOCKED.read_text(encoding="utf-8"))
    steps = {
        "installs from locked hashes": install_from_hashes,
        "no known fault": lambda: judge_audit(audit("json")),
        "bill of materials": lambda: judge_sbom(written(audit("cyclonedx-json")), requirements),
        "interpreter": judge_interpreter,
    }
    failed = False
    for name, step in steps.items():
        try:
            step()
            print(f"ok    {name}")
        except NotFit as reason:
            failed = True
            print(f"FAIL  {name}: {reason}")
    return int(failed)


def written(sbom: str) -> str:
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(sbom, encoding="utf-8")
    return sbom


if __name__ == "__main__":
    sys.exit(main())
