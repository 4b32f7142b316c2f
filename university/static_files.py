"""Style sheet, fonts, icons and modules: under a hash of their content, immutable, compressed once."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI
from servestatic.compress import Compressor

SOURCE = Path(__file__).with_name("static")
YEAR = 365 * 24 * 3600


class StaticFiles:
    """The static folder as it is served: ``/static/<build>/<name>``."""

    def __init__(self, data: Path, source: Path = SOURCE) -> None:
        self.build = _digest(source)
        self.prefix = f"/static/{self.build}/"
        self.folder = _prepared(source, data / "static" / self.build)
        self.names = frozenset(str(path.relative_to(source)) for path in source.rglob("*") if path.is_file())

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
            immutable_file_test=lambda _path, _url: True,
        )


class _Served(ServeStaticASGI):  # type: ignore[misc]
    # What never changes is sent with this age, whatever `max_age` says; ten years is more than browsers take.
    FOREVER = YEAR


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _prepared(source: Path, target: Path) -> Path:
    """A copy of `source` with a compressed sibling per file; made once per build, by whoever comes first."""
    if target.is_dir():
        return target
    scratch = target.with_name(f".{target.name}.{id(target)}")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(source, scratch)
    compressor = Compressor(quiet=True, use_brotli=False)
    for path in [path for path in scratch.rglob("*") if path.is_file()]:
        if compressor.should_compress(path.name):
            compressor.compress(str(path))
    try:
        scratch.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(scratch, ignore_errors=True)
    return target
