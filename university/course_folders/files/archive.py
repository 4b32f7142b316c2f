"""A course folder packed as a zip file, unpacked in memory within limits."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from university.course_folders.files.folder import Folder, Unreadable, is_ignored, is_inside
from university.course_folders.findings import Finding

MOST_ENTRIES = 5_000
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100
# A few kilobytes of blanks pack well without being a bomb; the ratio counts above this size.
RATIO_COUNTS_FROM = 1024 * 1024
CHUNK = 64 * 1024
# How each line of the table of contents begins. Packed files may hold it by chance or as zip files themselves.
DIRECTORY_ENTRY = b"PK\x01\x02"
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class _OverLimit(Exception):
    def __init__(self, path: str, what: str, expected: str) -> None:
        self.finding = Finding(path, 1, 1, "E015", what, expected)


def read_zip(data: bytes) -> Folder:
    """Unpack a course. A broken limit gives a folder without files and the finding E015.

    Limits are judged by what is really unpacked, never by what the archive says of itself. One folder around
    everything is taken off and becomes the name. Raises `Unreadable` when the data is no zip file.
    """
    if data.count(DIRECTORY_ENTRY) > 10 * MOST_ENTRIES:  # a million of them fit, and take a gigabyte to list
        return Folder({}, None, (_too_many(data.count(DIRECTORY_ENTRY)).finding,))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _without_wrapper(_unpack(archive, len(data)))
    except _OverLimit as limit:
        return Folder({}, None, (limit.finding,))
    except DAMAGE as damage:
        raise Unreadable(f"This is no readable zip file: {damage}.") from damage


def write_zip(folder: Folder) -> bytes:
    """The same folder always gives the same bytes: sorted, with a fixed time."""
    packed = io.BytesIO()
    prefix = f"{folder.name}/" if folder.name else ""
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.files):
            entry = zipfile.ZipInfo(prefix + path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, folder.files[path], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _unpack(archive: zipfile.ZipFile, packed_size: int) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _too_many(len(entries))
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    for entry in _plain_entries(entries):
        if entry.filename in files:
            raise _OverLimit(entry.filename, "the zip file has this entry twice", "each file once")
        content = _read_within(archive, entry, room)
        room -= len(content)
        files[entry.filename] = content
        _require_ratio(entry.filename, MOST_BYTES - room, packed_size)
    return {path: content for path, content in files.items() if not is_ignored(path)}


def _too_many(count: int) -> _OverLimit:
    return _OverLimit(".", f"the zip file has {count} entries", f"at most {MOST_ENTRIES}")


def _plain_entries(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    for entry in entries:
        name = entry.filename
        if not is_inside(name.removesuffix("/")) or "\\" in name:
            raise _OverLimit(name, "the zip file has an entry outside its folder", "relative paths without ..")
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _OverLimit(name, "the zip file has a link or device", "plain files and folders")
        if not entry.is_dir():
            yield entry


def _read_within(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    content = bytearray()
    with archive.open(entry) as unpacking:
        while chunk := unpacking.read(CHUNK):
            content += chunk
            if len(content) > room:
                raise _OverLimit(entry.filename, "the zip file unpacks to more than 200 MB", "at most 200 MB")
    return bytes(content)


def _require_ratio(path: str, unpacked: int, packed: int) -> None:
    if unpacked > max(RATIO_COUNTS_FROM, packed * MOST_RATIO):
        raise _OverLimit(path, "the zip file grows more than 100 times", f"a ratio of at most {MOST_RATIO}")


def _without_wrapper(files: dict[str, bytes]) -> Folder:
    tops = {path.split("/", 1)[0] for path in files}
    if "course.yaml" in files or len(tops) != 1 or any("/" not in path for path in files):
        return Folder(files)
    wrapper = tops.pop()
    return Folder({path.removeprefix(f"{wrapper}/"): content for path, content in files.items()}, wrapper)
