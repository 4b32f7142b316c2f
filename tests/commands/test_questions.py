"""`university questions read`: the import, from the terminal, without changing anything."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from university.cli import main

GIFT = "Longest?{~Maas =Rijn}\n\nWrite about rivers.{}\n"


def test_a_file_is_said_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "own.gift"
    path.write_text(GIFT)
    result = CliRunner().invoke(main, ["questions", "read", str(path)])
    assert result.exit_code == 0
    assert f"{path}: GIFT, 1 MC, 1 Essay → 1 single" in result.output
    assert f"{path}:3: Essay → skipped: Write about rivers." in result.output
    assert "an essay: no program can mark it." in result.output


def test_several_files_for_machines(tmp_path: Path) -> None:
    good, bad = tmp_path / "own.gift", tmp_path / "bad.xml"
    good.write_text(GIFT)
    bad.write_text("<quiz>\n <question>")
    result = CliRunner().invoke(main, ["questions", "read", str(good), str(bad), "--json"])
    first, second = json.loads(result.output)
    assert result.exit_code == 1
    assert (first["format"], first["found"], first["questions"]) == ("GIFT", {"MC": 1, "Essay": 1}, {"single": 1})
    assert [one["outcome"] for one in first["items"]] == ["made", "skipped"]
    assert first["items"][1]["remarks"] == [{"line": 3, "text": "an essay: no program can mark it"}]
    assert second["items"] == []
    assert second["broken"]["line"] == 2


def test_a_file_that_is_not_there_has_a_status_of_its_own(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["questions", "read", str(tmp_path / "none.gift")])
    assert result.exit_code == 2
