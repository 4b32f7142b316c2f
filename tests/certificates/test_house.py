"""Rules of this package that a reader should not have to take on trust."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import certificates

PACKAGE = Path(certificates.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MAKES_OR_OPENS_KEYS = {"load_pem_private_key", "load_der_private_key", "load_pkcs12", "generate_private_key"}
MAKES_OR_OPENS_KEYS |= {"PrivateKeyInfo", "PrivateFormat", "private_bytes", "SimpleSigner"}
CLOCKS_AND_CHANCE = {"now", "utcnow", "today", "time", "monotonic", "random", "uuid4", "urandom", "getenv", "environ"}


def words_of(path: Path) -> Iterator[str]:
    """Every name and attribute that the module uses or imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_signing_makes_or_opens_private_keys(path: Path) -> None:
    found = set(words_of(path)) & MAKES_OR_OPENS_KEYS
    assert not found or path.parent.name == "signing"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_asks_a_clock_the_environment_or_the_web(path: Path) -> None:
    words = set(words_of(path))
    local = {"random"} if path.name == "number.py" else set()  # the 15 characters, drawn with `secrets`
    assert not (words - local) & CLOCKS_AND_CHANCE
    assert not {word.split(".")[0] for word in words} & {"requests", "httpx", "urlopen", "socket", "aiohttp", "os"}


def test_everything_at_the_front_door_is_there_and_listed() -> None:
    assert sorted(certificates.__all__) == sorted(set(certificates.__all__))
    assert all(hasattr(certificates, name) for name in certificates.__all__)
