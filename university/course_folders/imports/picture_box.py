"""Pictures that come with questions or pages, each kept once under a name that a course may hold."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from university.course_folders.files.pictures import is_picture

DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,(.+)", re.DOTALL)


Keeper = Callable[[str, bytes], tuple[str, bytes] | None]


def as_it_is(name: str, content: bytes) -> tuple[str, bytes] | None:
    """Path and bytes of a picture under a safe form of its own name; None for what is no picture."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-100:] or "picture"
    return (f"images/{safe}", content) if is_picture(safe, content) else None


class PictureBox:
    """`files` grows with every picture that is asked for; the same picture is kept once.

    `keeper` says under which path and in which form a picture is kept, `taken` which paths hold other files.

    `prefix` leads from where the texts lie up to the top of the course: `../` from `pools/`.
    """

    def __init__(
        self,
        prefix: str = "../",
        files: dict[str, bytes] | None = None,
        keeper: Keeper = as_it_is,
        taken: Mapping[str, bytes] | None = None,
    ) -> None:
        self.prefix = prefix
        self.files: dict[str, bytes] = {} if files is None else files
        self.keeper = keeper
        self.taken = taken or {}

    def at_depth(self, prefix: str) -> "PictureBox":
        """The same pictures for texts that lie at another depth of the course."""
        return PictureBox(prefix, self.files, self.keeper, self.taken)

    def find(self, source: str, files: Mapping[str, bytes]) -> str | None:
        """The path of the picture with this address, as it is written in a text; None when there is none."""
        data = DATA.fullmatch(source.strip())
        if data:
            return self._decoded(data[1], data[2])
        address = unquote(source).split("?", 1)[0]
        content = files.get(address)
        return None if content is None else self.keep(address.rpartition("/")[2], content)

    def keep(self, name: str, content: bytes) -> str | None:
        """Keeps a picture and answers its path from where texts are; None for what is no picture."""
        kept = self.keeper(name, content)
        if kept is None:
            return None
        path, content = kept
        if self.files.get(path, self.taken.get(path, content)) != content:
            stem, dot, ending = path.rpartition(".")
            path = f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}{dot}{ending}"
        self.files[path] = content
        return self.prefix + path

    def _decoded(self, kind: str, text: str) -> str | None:
        try:
            content = base64.b64decode(text, validate=False)
        except (binascii.Error, ValueError):
            return None
        ending = "jpg" if kind == "jpeg" else kind
        return self.keep(f"picture-{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content)
