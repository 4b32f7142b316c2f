"""Style sheet, fonts, icons and modules: under a hash of their content, immutable, compressed once."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI
from servestatic.compress import Compressor

from university.serving.style_sheets import joined, served

SOURCE = Path(__file__).parents[1] / "static"
YEAR = 365 * 24 * 3600


class StaticFiles:
    """The static folder as it is served: ``/static/<build>/<name>``."""

    def __init__(self, data: Path, source: Path = SOURCE, own: Mapping[str, bytes] | None = None) -> None:
        """`own` are files, by name, that take the place of those in `source`, or come besides."""
        sheets, self.tokens = served(_sheets(source, own or {}))
        files = _others(source, own or {}) | sheets
        self.build = _digest(files)
        self.prefix = f"/static/{self.build}/"
        self.folder = _prepared(files, data / "static" / self.build)
        self.names = frozenset(files)

    def address(self, name: str) -> str:
        """Public path of one file; a missing file is a mistake of ours and says so at once."""
        if name not in self.names:
            raise FileNotFoundError(f"no static file {name}")
        return self.prefix + name

    def wrap(self, app: Any) -> ServeStaticASGI:
        """`app` with the static files in front of it."""
        return _Served(
            app,
            root=self.folder,
            prefix=self.prefix,
            max_age=YEAR,
            allow_all_origins=False,
            mimetypes={"ahead.json": "application/speculationrules+json", ".svg": "image/svg+xml; charset=utf-8"},
            immutable_file_test=lambda _path, _url: True,
        )


class _Served(ServeStaticASGI):  # type: ignore[misc]
    # What never changes is sent with this age, whatever `max_age` says; ten years is more than browsers take.
    FOREVER = YEAR


def _sheets(source: Path, own: Mapping[str, bytes]) -> dict[str, str]:
    """Every style sheet by the name it is served under: a folder of them is one, and a file beside the folders too."""
    folders = sorted({path.parent for path in source.rglob("*.css")} - {source})
    sheets = {f"{folder.name}.css": joined(folder) for folder in folders}
    sheets |= {path.name: path.read_text() for path in source.glob("*.css")}
    return sheets | {name: content.decode() for name, content in own.items() if name.endswith(".css")}


def _others(source: Path, own: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {str(path.relative_to(source)): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    return {name: content for name, content in (files | dict(own)).items() if not name.endswith(".css")}


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n".encode() + files[name])
    return digest.hexdigest()[:12]


def _prepared(files: Mapping[str, bytes], target: Path) -> Path:
    """The files in a folder with a compressed sibling each; made once per build, by whoever comes first."""
    if target.is_dir():
        return target
    scratch = target.with_name(f".{target.name}.{id(target)}")
    shutil.rmtree(scratch, ignore_errors=True)
    compressor = Compressor(quiet=True)
    for name, content in files.items():
        path = scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if compressor.should_compress(path.name):
            compressor.compress(str(path))
    try:
        scratch.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(scratch, ignore_errors=True)
    return target
