"""What browsers report about our content security policy: which rule was broken, and on which kind of page.

Everything else in a report is left out of the log. Its addresses may hold a token, and anybody can send one.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from university.access import PUBLIC, STAFF
from university.errors import BadRequest
from university.language import gettext as _
from university.serving.gate import CONTENT_SECURITY_POLICY

log = logging.getLogger("university.policy")

# Lines that one request may leave behind.
MOST = 10
# Browsers name the narrower rule that a broader one stands for.
_NARROWER = ("script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr", "frame-src", "object-src")
RULES = frozenset({*(part.split()[0] for part in CONTENT_SECURITY_POLICY.split("; ")), *_NARROWER, "worker-src"})
PAGES = frozenset(route.split("/")[1] for route in PUBLIC | STAFF.keys())


def note_reports(body: bytes) -> None:
    """One line for each rule and kind of page. BadRequest for what is no list of reports."""
    try:
        reports = json.loads(body)
    except (ValueError, RecursionError):
        reports = None
    if not isinstance(reports, list):
        raise BadRequest(_("We could not read what was sent."))
    for rule, page in sorted({_told(report) for report in reports})[:MOST]:
        log.warning(json.dumps({"alarm": "a page met the content security policy", "rule": rule, "page": page}))


def _told(report: Any) -> tuple[str, str]:
    """Rule and first part of the address, each from a closed list; a hyphen for all else."""
    body = report.get("body") if isinstance(report, dict) else None
    if not isinstance(body, dict):
        return "-", "-"
    rule, address = str(body.get("effectiveDirective")), str(body.get("documentURL"))
    return rule if rule in RULES else "-", _page(address)


def _page(address: str) -> str:
    try:
        part = urlsplit(address).path.partition("/")[2].partition("/")[0]
    except ValueError:
        part = ""
    return part if part in PAGES and part else "-"
