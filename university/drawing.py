"""The signed PDF of a certificate, drawn when it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from certificates import Certificate, render
from university.keyring import KeyRing
from university.language import catalogue, primary

T = TypeVar("T")

# Drawing and judging a file are the only heavy work of the public pages: however many ask, no more run at once.
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pdf")


async def apart(work: Callable[[], T]) -> T:
    """Does heavy work in the bounded pool."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, work)


def drawn(certificate: Certificate, credential: str | None, keyring: KeyRing) -> bytes:
    """The PDF with its credential inside, its labels in the language of the course, signed with our present key."""
    translate = catalogue(primary(certificate.course.language)).gettext
    return render(certificate, keyring.issuer(), translate, attached=credential)
