"""The table of OWASP ASVS: whole, honest in form, and every file and test it names is there."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs/asvs.csv"

# How many requirements of levels 1 and 2 each section of ASVS 5.0 has: 253 in all.
LEVELS_1_AND_2 = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
    **{"9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3},
    **{"15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3},
    **{"17.1": 1, "17.2": 4, "17.3": 2},
}
# In every section they come first, and without a gap: so section and count name them all.
LEVEL_3 = {"3.4.7", "3.4.8", "3.7.4", "5.2.6", "6.3.8", "7.5.3", "11.2.4", "14.2.5", "14.2.6", "14.2.7", "16.5.4"}
COLUMNS = ["requirement", "level", "holds", "how", "where", "shown_by"]
DEFINED = r"^(?:async )?def {}\("


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_has_its_one_row(rows: list[dict[str, str]]) -> None:
    expected = [f"{section}.{n}" for section, count in LEVELS_1_AND_2.items() for n in range(1, count + 1)]
    assert len(expected) == 253
    assert Counter(row["requirement"] for row in rows) == Counter([*expected, *LEVEL_3])
    assert {row["requirement"] for row in rows if row["level"] == "3"} == LEVEL_3
    assert Counter(row["level"] for row in rows) == {"1": 70, "2": 183, "3": 11}


def test_every_row_says_whether_and_how_in_a_sentence(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert list(row) == COLUMNS
        assert row["holds"] in {"yes", "no", "not applicable"}, row["requirement"]
        assert re.fullmatch(r"[A-Za-z].{15,}\.", row["how"]), row["requirement"]
        if row["holds"] == "yes":
            assert row["where"], f"{row['requirement']} says yes and not where"
            assert row["shown_by"], f"{row['requirement']} says yes and no test would notice otherwise"


def test_every_file_and_test_that_is_named_is_there(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for path in row["where"].split():
            assert (ROOT / path).exists(), f"{row['requirement']}: {path}"
        for shown in row["shown_by"].split():
            path, _, name = shown.partition("::")
            assert (ROOT / path).is_file(), f"{row['requirement']}: {path}"
            defined = re.search(DEFINED.format(name), (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
            assert not name or defined, f"{row['requirement']}: {shown}"


def test_every_key_of_the_ring_stands_in_the_inventory() -> None:
    inventory = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "university").rglob("*.py"))
    names = set(re.findall(r'\.secret\(f?"([a-z]+)', code))
    names |= set(re.findall(r'_KEY = "([a-z]+-1)"', code))
    assert {"forms", "limits", "totp-1", "ledger-1"} <= names
    assert {name for name in names if f"`{name}" not in inventory and f"{name}`" not in inventory} == set()
