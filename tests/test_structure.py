"""The rules of the house that a reader should not have to take on trust."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = [ROOT / "certificates", ROOT / "university"]
OURS = [*PACKAGES, ROOT / "tests", ROOT / "docs"]
MODULES = sorted(path for package in PACKAGES for path in package.rglob("*.py") if "versions" not in path.parts)
VAGUE = {"utils", "helpers", "common", "core", "base", "lib", "services", "managers", "repositories", "schemas"}
VAGUE |= {"interfaces"}

# From the bottom up; a module imports only from layers below its own, and inside its own where stated.
LAYERS = ["certificates", "settings", "models", "database", "foundations", "access", "slices", "app"]
NAMED = {"settings": "settings", "models": "models", "database": "database", "access": "access"}
NAMED |= {"setting_checks": "settings", "settings_file": "settings"}
TOP = {"app", "cli", "commands"}

# The folders inside of two large parts, from the bottom up; what stands there without a folder may import any.
COURSE_FOLDERS = [
    "findings",
    "files",
    "course",
    "yaml",
    "markdown",
    "reading",
    "checking",
    "writing",
    "forms",
    "imports",
]
RENDERING = ["labels", "text", "pdf", "shapes", "page", "pictures"]

# The foundations that are folders, from the bottom up. Those on one line are one subject and may know each other: a
# person's certificates and rights; a course while it is written, published and learned.
SUBJECTS = [
    {"course_folders"},
    {"keys"},
    {"mailing"},
    {"serving"},
    {"chains"},
    {"accounts"},
    {"awarding", "consents", "rights"},
    {"drafting", "revisions", "learning", "questions"},
    {"backups"},
    {"setting_up"},
    {"operating"},
    {"jobs"},
]

# A file named in words: README, manuals, docstrings and comments. Capitals stand for what the reader fills in.
NAMED_FILE = re.compile(r"(?<![\w/.:<}-])((?:[a-z0-9_.-]+/)*[a-z0-9_-]+\.(?:py|html|js|csv|md|sh|toml))(?![\w{])")
MANUALS = [*ROOT.glob("*.md"), *(ROOT / "university").glob("*.md"), *(ROOT / "docs").rglob("*.[cm][sd]*")]

MODULE_LINES = 300
FUNCTION_LINES = 50
MODULES_SIDE_BY_SIDE = 24
MEDIAN_FUNCTION_LINES = 10


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_slice(part: str) -> bool:
    return (ROOT / "university" / part / "routes.py").is_file()


def layer_of(module: str) -> str:
    package, *rest = module.split(".")
    if package == "certificates":
        return "certificates"
    if not rest:
        return "settings"
    if rest[0] in TOP:
        return "app"
    if is_slice(rest[0]):
        return "slices"
    return NAMED.get(rest[0], "foundations")


def folder_of(module: str) -> str:
    """The folder of the application that holds this module; empty elsewhere."""
    package, *rest = module.split(".")
    return rest[0] if rest and package == "university" else ""


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "university":
                yield from (f"university.{alias.name}" for alias in node.names)


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{name_of(path)}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_and_slices_do_not_know_each_other(path: Path) -> None:
    module = name_of(path)
    layer = LAYERS.index(layer_of(module))
    for target in imports_of(path):
        if target.split(".")[0] not in {"university", "certificates"}:
            continue
        below = LAYERS.index(layer_of(target))
        assert below <= layer, f"{module} imports {target}, which stands above it"
        if layer_of(module) == layer_of(target) == "slices":
            assert module.split(".")[1] == target.split(".")[1], f"{module} imports another slice: {target}"
        if module.startswith("university") and target.startswith("certificates"):
            assert target == "certificates", f"{module} goes past the front door: {target}"


def test_the_folders_of_the_foundations_import_downwards_from_subject_to_subject() -> None:
    level = {folder: number for number, folders in enumerate(SUBJECTS) for folder in folders}
    packages = {path.parent.name for path in (ROOT / "university").glob("*/__init__.py")}
    assert {name for name in packages if layer_of(f"university.{name}") == "foundations"} == {*level, "migrations"}
    for path in MODULES:
        for target in imports_of(path):
            importing, imported = (level.get(folder_of(name), -1) for name in (name_of(path), target))
            assert imported <= importing or importing == -1, f"{name_of(path)} imports {target}"


@pytest.mark.parametrize(
    ("part", "order"), [("university.course_folders", COURSE_FOLDERS), ("certificates.rendering", RENDERING)]
)
def test_the_folders_of_a_part_import_those_below_them(part: str, order: list[str]) -> None:
    for path in (ROOT / part.replace(".", "/")).rglob("*.py"):
        own = name_of(path).removeprefix(part).lstrip(".").partition(".")[0]
        if own not in order:
            continue
        for target in imports_of(path):
            if target.startswith(f"{part}."):
                folder = target.removeprefix(f"{part}.").partition(".")[0]
                assert folder in order[: order.index(own) + 1], f"{name_of(path)} imports {target}"


@pytest.mark.parametrize("path", sorted((ROOT / "university/course_folders").rglob("*.py")), ids=name_of)
def test_the_course_folder_format_is_pure(path: Path) -> None:
    for target in imports_of(path):
        assert not target.startswith(("certificates", "litestar", "sqlalchemy"))
        assert not target.startswith("university") or target.startswith("university.course_folders")


def test_slices_do_not_use_requests_outside_of_their_routes() -> None:
    for path in MODULES:
        parts = path.relative_to(ROOT).parts
        if len(parts) == 3 and is_slice(parts[1]) and path.name != "routes.py":
            assert "litestar" not in {target.split(".")[0] for target in imports_of(path)}, f"{path} knows requests"


def test_only_the_drawing_part_draws() -> None:
    for path in (ROOT / "certificates").rglob("*.py"):
        targets = {target.split(".")[0] for target in imports_of(path)}
        if "rendering" not in path.parts:
            assert not targets & {"reportlab", "qrcode", "uharfbuzz"}, path


def test_no_module_or_folder_has_a_vague_name() -> None:
    names = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & VAGUE


def test_modules_stay_small_enough_to_read_in_one_sitting() -> None:
    too_long = {
        name_of(path): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert not too_long


def test_what_stands_side_by_side_is_seen_at_one_look() -> None:
    """At the top of the application: what is no slice and is not needed by nearly everything goes into a folder."""
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES)
    assert {folder: modules for folder, modules in folders.items() if modules > MODULES_SIDE_BY_SIDE} == {}


def test_the_map_of_the_readme_shows_every_folder_of_the_application() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in (ROOT / "university").glob("*/__init__.py")}
    assert {name for name in folders if f"{name}/" not in page} == {"migrations"}


def test_every_folder_says_in_one_place_what_it_is_for() -> None:
    """A slice where its handlers are, any other folder in its `__init__.py`."""
    for path in MODULES:
        if path.name == "__init__.py" and path.parent not in PACKAGES:
            routes = path.with_name("routes.py")
            said = [one for one in (path, routes) if one.is_file() and ast.get_docstring(ast.parse(one.read_text()))]
            assert said == [routes if routes.is_file() else path], path.parent


def test_every_file_that_our_words_name_is_there() -> None:
    there = {path.relative_to(ROOT).as_posix() for folder in OURS for path in folder.rglob("*.*")}
    there |= {path.name for path in ROOT.iterdir()}
    tails = {"/".join(parts[at:]) for path in there for parts in [path.split("/")] for at in range(len(parts))}
    named = {(place, file) for place, text in texts_of_ours() for file in NAMED_FILE.findall(text)}
    assert {(place, file) for place, file in named if file.removeprefix("./") not in tails} == set()


def texts_of_ours() -> Iterator[tuple[str, str]]:
    """The manuals whole; of every module its docstrings and comments."""
    yield from ((path.name, path.read_text(encoding="utf-8")) for path in MANUALS)
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        said = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, documented)]
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        said += [token.string for token in tokens if token.type == tokenize.COMMENT]
        yield path.relative_to(ROOT).as_posix(), "\n".join(said)


def test_functions_read_like_sentences_not_chapters() -> None:
    sizes = dict(pair for path in MODULES for pair in functions_of(path))
    assert not {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES}
    assert statistics.median(sizes.values()) <= MEDIAN_FUNCTION_LINES


@pytest.mark.parametrize("path", sorted((ROOT / "university").rglob("*.html")), ids=lambda path: path.name)
def test_pages_hold_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "mail" in path.stem:
        return  # mail programs know no style sheets
    assert not re.search(r"<style|\son[a-z]+=|\sstyle=|javascript:", text), "the content security policy forbids it"
    # JSON-LD is data: browsers never run it, and the policy does not ask about it.
    data = text.replace('<script type="application/ld+json">', "")
    assert not re.search(r"<script(?![^>]*\ssrc=)", data), "a script needs an address of its own"


def test_migrations_are_one_line_of_history_with_names_that_say_what_they_do() -> None:
    files = sorted((ROOT / "university/migrations/versions").glob("*.py"))
    numbers = [path.name.split("_")[0] for path in files]
    assert numbers == [f"{n:04d}" for n in range(1, len(files) + 1)]
    for earlier, later in pairwise(files):
        assert f'down_revision = "{earlier.name.split("_")[0]}"' in later.read_text(encoding="utf-8")
