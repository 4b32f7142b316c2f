"""The second place as it is typed, and the settings it makes."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from pydantic import StringConstraints

from university.language import gettext as _
from university.serving.forms import Fields
from university.setting_checks import is_private
from university.setting_up.setup_pages import Line
from university.settings import Settings

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class BackupForm(Fields):
    """`kind` is folder, bucket, or nothing at all."""

    kind: Line
    folder: Line
    bucket: Line
    prefix: Line
    endpoint: Line
    region: Line
    bucket_id: Line
    bucket_secret: Annotated[str, StringConstraints(max_length=500)]

    @property
    def field(self) -> str:
        """Where it stands what is wrong with the place as a whole."""
        return "bucket" if self.kind == "bucket" else "folder"

    def problems(self) -> dict[str, str]:
        """Beside which field what is missing, for the kind that was chosen."""
        if self.kind == "folder":
            is_whole = self.folder.startswith("/")
            return {} if is_whole else {"folder": _("The whole path, from / on, as this machine knows it.")}
        found = {}
        if self.kind == "bucket":
            if not _BUCKET.fullmatch(self.bucket):
                found["bucket"] = _("Small letters, digits, dots and dashes, at least three.")
            if self.endpoint and not is_private(self.endpoint):
                found["endpoint"] = _("The whole address, with https:// before it.")
            if self.bucket_secret and not self.bucket_id:
                found["bucket_id"] = _("A secret needs its key ID beside it.")
        return found

    def settings(self, before: Settings) -> dict[str, str | None]:
        """Backups and ledger each have a folder of their own at the one place."""
        if self.kind == "folder":
            root, query = self.folder.rstrip("/"), ""
        elif self.kind == "bucket":
            root, query = self._bucket(before)
        else:
            return {"backup_copy": None, "ledger_copy": None}
        return {"backup_copy": f"{root}/backups{query}", "ledger_copy": f"{root}/ledger{query}"}

    def _bucket(self, before: Settings) -> tuple[str, str]:
        known = urlsplit(before.backup_copy)
        same = unquote(known.username or "") == self.bucket_id
        secret = self.bucket_secret or (unquote(known.password or "") if same else "")
        who = f"{quote(self.bucket_id, safe='')}:{quote(secret, safe='')}@" if self.bucket_id else ""
        prefix = quote("/".join(part for part in self.prefix.split("/") if part))
        asked = {name: value for name, value in (("endpoint", self.endpoint), ("region", self.region)) if value}
        root = f"s3://{who}{self.bucket}" + (f"/{prefix}" if prefix else "")
        return root, f"?{urlencode(asked, safe=':/')}" if asked else ""


def fields_of(settings: Settings) -> dict[str, str]:
    parts = urlsplit(settings.backup_copy)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    path = parts.path.removesuffix("/backups")
    is_bucket = parts.scheme == "s3"
    return {
        "kind": "bucket" if is_bucket else "folder" if settings.backup_copy else "none",
        "folder": "" if is_bucket else path,
        "bucket": parts.netloc.rpartition("@")[2] if is_bucket else "",
        "prefix": unquote(path.strip("/")) if is_bucket else "",
        "endpoint": asked.get("endpoint", ""),
        "region": asked.get("region", ""),
        "bucket_id": unquote(parts.username or ""),
    }


def has_secret(settings: Settings) -> bool:
    return bool(urlsplit(settings.backup_copy).password)
