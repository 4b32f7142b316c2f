"""`university questions`: what a file of another system would import as."""

from __future__ import annotations

import json
from pathlib import Path

import click

from university.course_folders.imports import Import, Item, read_questions

BROKEN = 1
UNREADABLE = 2


@click.group()
def questions() -> None:
    """Questions of other systems."""


@questions.command("read")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON list, a file each.")
def read_command(files: tuple[Path, ...], as_json: bool) -> None:
    """What GIFT, Aiken, Moodle XML, QTI, Common Cartridge and quiz-app files would import as. Changes nothing.

    Exit status 0 when every file could be read, 1 when one is broken, 2 when one is not there.
    """
    found = [read_questions(str(path), _content(path)) for path in files]
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _say(one)
    if any(one.broken for one in found):
        raise SystemExit(BROKEN)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        click.echo(f"{path} cannot be read: {problem.strerror}.", err=True)
        raise SystemExit(UNREADABLE) from None


def _say(found: Import) -> None:
    if found.broken:
        place = f"{found.broken.path or found.name}:{found.broken.line}:{found.broken.column}"
        click.echo(f"{place}: broken: {found.broken.text}. Nothing would be made.")
        return
    click.echo(f"{found.name}: {found.format}, {listed(found.counts)} → {listed(found.kinds) or 'no questions'}")
    for item in found.items:
        say_item(item)


def say_item(item: Item) -> None:
    """One line for the thing, and one for each of its remarks."""
    becomes = "skipped" if item.is_skipped else item.question.kind if item.question else item.makes
    click.echo(f"  {item.place}: {item.sort} → {becomes}: {item.title}")
    for remark in item.remarks:
        click.echo(f"    {remark.text}.")


def listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
