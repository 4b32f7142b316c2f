"""Whatever bytes a folder holds, reading it gives findings, never an exception."""

from dataclasses import replace

from hypothesis import given, settings, strategies

from tests.course_folders.lighthouses import SITE, lighthouses
from university.course_folders import Folder, Unreadable, check, digest, read_zip, render, render_inline, report
from university.course_folders.course.questions import QUESTION_KINDS

SAMPLE = lighthouses()
TEXT_FILES = sorted(path for path in SAMPLE.files if path.endswith((".yaml", ".md")))
PATHS = strategies.one_of(
    strategies.sampled_from(sorted(SAMPLE.files)),
    strategies.text("ab./-_0é\n", min_size=1, max_size=20).map(lambda name: f"modules/01-x/{name}"),
    strategies.text(strategies.characters(exclude_characters="\0"), min_size=1, max_size=20),
)
PIECES = [
    *(b"[", b"]", b"{", b"}", b": ", b"- ", b"\n", b"  ", b"'", b'"', b"|\n", b">", b"&a", b"*a", b"!t", b"#", b"\xff"),
    *(b"\xef\xbb\xbf", b"true", b"1e9", b"-1", b"null", b"id", b"kind", b"pool", b"[](", b"![", b"<script>", b"\x00"),
]


@settings(max_examples=60, deadline=None)
@given(strategies.dictionaries(PATHS, strategies.binary(max_size=80), max_size=4))
def test_arbitrary_files_beside_and_instead_of_the_course(files: dict[str, bytes]) -> None:
    folder = replace(SAMPLE, files={**SAMPLE.files, **files})
    report(check(folder, SITE), json=True)
    report(check(folder, SITE))
    digest(folder)


@settings(max_examples=60, deadline=None)
@given(strategies.sampled_from(TEXT_FILES), strategies.data())
def test_a_file_damaged_anywhere(path: str, data: strategies.DataObject) -> None:
    content = SAMPLE.files[path]
    start = data.draw(strategies.integers(0, len(content)))
    end = data.draw(strategies.integers(start, min(len(content), start + 30)))
    piece = data.draw(strategies.sampled_from(PIECES))
    files = {**SAMPLE.files, path: content[:start] + piece + content[end:]}
    report(check(replace(SAMPLE, files=files), SITE))


SCALARS = strategies.sampled_from(
    ["1", "-1", "0.5", "true", "''", "~", "x", "[a, b]", "{a: b}", "[[1], {b: }]", "'a b'"]
)
FIELD_NAMES = """
id title summary licence hours skills cover completion certificate aliases video questions kind text choices
answer answers range tolerance pairs items pool blueprint draw feedback points tags objectives
"""
QUESTION_FIELD_NAMES = "text points choices answer answers range tolerance unit pairs items scoring"
FIELDS = strategies.sampled_from(FIELD_NAMES.split())
QUESTION_FIELDS = strategies.sampled_from(QUESTION_FIELD_NAMES.split())


@settings(max_examples=60, deadline=None)
@given(strategies.sampled_from(TEXT_FILES), strategies.dictionaries(FIELDS, SCALARS, max_size=6))
def test_fields_of_every_wrong_type(path: str, fields: dict[str, str]) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    if path.endswith(".md"):
        text = f"---\n{text}---\nText"
    report(check(replace(SAMPLE, files={**SAMPLE.files, path: text.encode()}), SITE))


@settings(max_examples=60, deadline=None)
@given(strategies.sampled_from(QUESTION_KINDS), strategies.dictionaries(QUESTION_FIELDS, SCALARS, max_size=6))
def test_questions_of_every_kind_with_fields_of_every_type(kind: str, fields: dict[str, str]) -> None:
    lines = "".join(f"    {name}: {value}\n" for name, value in fields.items())
    text = f"id: final\ntitle: Exam\nquestions:\n  - id: q\n    kind: {kind}\n{lines}"
    report(check(replace(SAMPLE, files={**SAMPLE.files, "exam.yaml": text.encode()}), SITE))


@settings(max_examples=200, deadline=None)
@given(strategies.binary(max_size=200))
def test_bytes_that_call_themselves_a_zip(data: bytes) -> None:
    for packed in (data, b"PK\x03\x04" + data, data + b"PK\x05\x06" + b"\0" * 18):
        try:
            assert isinstance(read_zip(packed), Folder)
        except Unreadable:
            continue


@settings(max_examples=400, deadline=None)
@given(strategies.text("ab<>[]()!#*_`~|:-\\\"'&;/=\n \tscript", max_size=120))
def test_every_text_renders(text: str) -> None:
    render(text)
    render_inline(text)
