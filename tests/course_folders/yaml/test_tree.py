"""YAML 1.2 with places: what is text stays text, and nothing makes the reader fall."""

from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies

from university.course_folders.yaml.tree import YamlList, YamlMapping, YamlScalar, parse
from university.course_folders.yaml.writing import as_yaml


def value_of(text: str) -> object:
    root, problems = parse(f"x: {text}\n")
    assert problems == ()
    assert isinstance(root, YamlMapping)
    node = root.entries["x"].value
    assert isinstance(node, YamlScalar)
    return node.value


@pytest.mark.parametrize(
    "text",
    ["Yes", "no", "on", "Off", "y", "12:30", "1_000", "2026-11-24", "=", "<<", "0b1", "1.2.3", "+", ".", "e5", "True"],
)
def test_what_old_loaders_turn_into_something_else_stays_text(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-007", -7),
        ("0x1F", 31),
        ("0o17", 15),
        ("0.1", Decimal("0.1")),
        ("1e3", Decimal(1000)),
        (".5", Decimal("0.5")),
        ("~", None),
        ("", None),
        ("null", None),
        ("'true'", "true"),
        ('"12"', "12"),
    ],
)
def test_numbers_truth_and_nothing_are_read_by_the_core_schema(text: str, value: object) -> None:
    found = value_of(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["9" * 5000, "1e999999999", "1e-999999999", ".inf", ".nan"])
def test_a_number_that_would_take_for_ever_stays_text(text: str) -> None:
    assert value_of(text) == text


def test_an_empty_file_is_an_empty_mapping() -> None:
    for text in ("", "\n\n", "# nothing\n", "---\n"):
        root, problems = parse(text)
        assert isinstance(root, YamlMapping)
        assert root.entries == {}
        assert problems == ()


def test_lines_are_those_of_an_editor_whatever_separators_a_text_holds() -> None:
    root, _ = parse("a: 'one\u2028two\x85three'\r\nb: 1\r\n\r\nc:\r\n  - d\r\n")
    assert isinstance(root, YamlMapping)
    assert [entry.key.place.line for entry in root.entries.values()] == [1, 2, 4]
    last = root.entries["c"].value
    assert isinstance(last, YamlList)
    assert (last.items[0].place.line, last.items[0].place.column) == (5, 5)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: [1\nb: 2\n", 2, "E100"),
        ("a: 1\n\tb: 2\n", 2, "E100"),
        ("a: 1\n---\nb: 2\n", 1, "E100"),
        ("a: \x00\n", 1, "E100"),
        ('a: "\\ud800"\n', 1, "E100"),
        ("[" * 10_000, 1, "E100"),
        ("a:\n  ? [b]\n  : c\n", 2, "E102"),
        ("a: 1\nb: 2\na: 3\n", 3, "E101"),
        ("a: 1\nb: !x 2\n", 2, "E107"),
        ("a: &x [1]\nb: *x\n", 1, "E107"),
    ],
)
def test_what_is_no_yaml_for_us_is_told_with_its_line(text: str, line: int, code: str) -> None:
    _, problems = parse(text)
    assert (problems[0].line, problems[0].code) == (line, code)


TEXTS = strategies.one_of(
    strategies.text(strategies.characters(exclude_categories=["Cs"])),
    strategies.text("ab \n:#-'\"|>%@`*&!?{}[],~\t=01.eE_", max_size=20),
    strategies.sampled_from(["Yes", "~", "- a", "? b", "a: b", "a #b", "---", "...", "a\n b\n\n", "\n", " a\nb"]),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, strategies.lists(TEXTS, min_size=1, max_size=3))
def test_every_text_that_is_written_is_read_again(text: str, texts: list[str]) -> None:
    root, problems = parse(as_yaml({"a": text, "b": {"c": text}, "d": texts}))
    assert problems == ()
    assert isinstance(root, YamlMapping)
    first, inner, several = (root.entries[name].value for name in "abd")
    assert isinstance(first, YamlScalar)
    assert isinstance(inner, YamlMapping)
    assert isinstance(several, YamlList)
    deep = inner.entries["c"].value
    assert isinstance(deep, YamlScalar)
    assert first.value == deep.value == text
    assert [item.value for item in several.items if isinstance(item, YamlScalar)] == texts


@settings(max_examples=400, deadline=None)
@given(strategies.text("ab01.:-?,[]{}#&*!|>'\"%@` \n\t\\~=\x00\x85\ufeff", max_size=60))
def test_no_text_makes_the_parser_fall(text: str) -> None:
    root, problems = parse(text)
    assert root is not None or problems
