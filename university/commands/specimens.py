"""`university sample`: the artwork with any name, by the code that draws real certificates, marked as specimen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from certificates import (
    Holder,
    Unprintable,
    make_holder,
    make_specimen,
    make_specimen_keys,
    name_fits,
    render,
    unprintable,
)
from university import clock
from university.awarding.issuing import issued_by
from university.awarding.specimen import COURSE
from university.commands.environment import settings_or_exit
from university.names import NameProblem, clean_name
from university.settings import Settings


class NameRefused(Exception):
    """A name that would not be printed on a certificate either; the text says why."""


@click.command()
@click.option("--name", help="One name, as it should stand on the certificate.")
@click.option("--names", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File, one name per line.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.pass_context
def sample(context: click.Context, name: str | None, names: Path | None, out: Path) -> None:
    """Draw specimen certificates: DIR/LINE.pdf and its credential DIR/LINE.json, and the public keys that check them.

    A name that cannot be set is reported as `LINE: refused: reason`, and the exit status is 1.
    """
    if (name is None) == (names is None):
        raise click.UsageError("give either --name or --names")
    settings = settings_or_exit()
    out.mkdir(parents=True, exist_ok=True)
    refused = _draw_all(_listed(names) if names else iter([(1, name or "")]), out, settings)
    context.exit(1 if refused else 0)


def _draw_all(names: Iterator[tuple[int, str]], out: Path, settings: Settings) -> int:
    """Writes a PDF per name; answers how many were refused."""
    now = clock.now().replace(microsecond=0)
    issuer = issued_by(settings)
    keys = make_specimen_keys(issuer, now)
    (out / "certificate-keys.json").write_text(json.dumps(keys.public.to_json(), indent=1), encoding="utf-8")
    refused = 0
    for line, name in names:
        try:
            certificate = make_specimen(_holder(name), COURSE, issuer, now)
            credential = keys.credential(certificate)
            paper = render(certificate, keys.issuer, specimen=True, attached=credential)
            (out / f"{line:04d}.pdf").write_bytes(paper)
            (out / f"{line:04d}.json").write_text(credential, encoding="utf-8")
        except (NameRefused, Unprintable) as reason:
            click.echo(f"{line}: refused: {reason}")
            refused += 1
    return refused


def _listed(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and names; empty lines and lines that begin with # are skipped but counted."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not a text in UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _holder(name: str) -> Holder:
    """By the rules of the claim form; the first word counts as the first name."""
    first, _blank, last = " ".join(name.split()).partition(" ")
    try:
        holder = make_holder(clean_name(first), clean_name(last) if last else "", COURSE.language)
    except NameProblem as problem:
        raise NameRefused(str(problem)) from None
    missing = unprintable(holder.full_name, holder.name_language)
    if missing:
        raise NameRefused(f"the certificate has no letters for {' '.join(missing)}")
    if not name_fits(holder, COURSE.language):
        raise NameRefused("it has no room on the certificate, not even in the smallest letters")
    return holder
