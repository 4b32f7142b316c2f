"""`university verify`: judge a certificate without the website, from the issuer's public keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
from sqlalchemy.exc import SQLAlchemyError

from certificates import (
    LARGEST_FILE,
    CredentialVerdict,
    PublicKeys,
    Verdict,
    show_number,
    verify as judge,
    verify_credential,
)
from university import clock
from university.awarding.awards import Standing, Word, standing
from university.awarding.drawing import inside
from university.commands.environment import settings_or_exit
from university.database import Database
from university.keys.keyring import PUBLIC, open_keyring
from university.migrating import schema_problem
from university.settings import Settings
from university.verify.judging import Recorded

VALID, NOT_VALID, COULD_NOT_CHECK = 0, 1, 2
SECONDS_FOR_AN_ADDRESS = 20
LARGEST_KEY_LIST = 1024 * 1024

SENTENCES = {
    "valid": "Valid. The file is untouched.",
    "expired": "Expired. The file is untouched, but its last day is past.",
    "replaced": "Replaced. The file is untouched, but a newer version counts.",
    "revoked": "Revoked. The file is untouched, but the issuer took the certificate back.",
    "withdrawn": "Withdrawn. The file is untouched, but the holder withdrew the certificate.",
    "changed": "Changed. The file is not as it was issued.",
    "not_ours": "Not ours. No key in the list signed this certificate.",
    "could_not_check": "Could not check.",
}


AnyVerdict = Verdict | CredentialVerdict


class Silence(Exception):
    """What was asked for does not answer: no judgement is possible."""


@dataclass(frozen=True)
class Outcome:
    """`result` is the word that decides, `found` the record's answer or None where nobody asked it."""

    result: str
    verdict: AnyVerdict
    found: Standing | None

    @property
    def status(self) -> int:
        if self.result == "could_not_check":
            return COULD_NOT_CHECK
        return VALID if self.result == "valid" else NOT_VALID


@click.command()
@click.argument("file")
@click.option("--keys", help="File or address of the issuer's certificate-keys.json; default: our own key ring.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(context: click.Context, file: str, keys: str | None, as_json: bool) -> None:
    """Judge the PDF or credential in FILE, a path or an address.

    Exit status 0: valid, 1: not valid, 2: could not check.
    """
    settings = settings_or_exit()
    try:
        content = _fetched(file, LARGEST_FILE + 1)
        verdict, found = _judged(content, _public_keys(keys, settings)), None
        if not keys:
            verdict, found = _asked(verdict, settings)
    except Silence as silence:
        if as_json:
            click.echo(json.dumps({"result": "could_not_check", "reason": str(silence)}))
        else:
            click.echo(f"{SENTENCES['could_not_check']} {silence}", err=True)
        context.exit(COULD_NOT_CHECK)
    outcome = Outcome(_result(verdict, found), verdict, found)
    click.echo(json.dumps(_document(outcome), ensure_ascii=False) if as_json else "\n".join(_lines(outcome)))
    context.exit(outcome.status)


def _judged(content: bytes, keys: PublicKeys) -> AnyVerdict:
    """A PDF by its head; everything else as a credential, unless that is what it cannot be."""
    if b"%PDF-" in content[:1024]:
        return judge(content, keys)
    verdict = verify_credential(content, keys, clock.now())
    return verdict if verdict.reason != "not_a_credential" else judge(content, keys)


def _result(verdict: AnyVerdict, found: Standing | None) -> str:
    """The record decides where it was asked; else the last day that is in the file."""
    if verdict.word != "untouched":
        return verdict.word
    if found is not None:
        return "not_ours" if found.word is Word.UNKNOWN else found.word.value
    return "expired" if verdict.expires_on and verdict.expires_on < clock.now().date() else "valid"


def _lines(outcome: Outcome) -> list[str]:
    verdict = outcome.verdict
    lines = [SENTENCES[outcome.result], f"  reason      {verdict.reason}"]
    facts = {
        "number": verdict.number and show_number(verdict.number),
        "certificate": verdict.title,
        "issuer": verdict.issuer,
        "issued": verdict.issued_on,
        "last day": verdict.expires_on,
        "signed by": verdict.key_id,
        "stamped at": _stamp(verdict),
    }
    lines += [f"  {label:<11} {value}" for label, value in facts.items() if value]
    if outcome.verdict.word == "untouched" and outcome.found is None:
        lines.append("Revocation not asked: only the issuer's record knows what happened after the signature.")
    return lines


def _document(outcome: Outcome) -> dict[str, str | int | bool | None]:
    verdict, found = outcome.verdict, outcome.found
    return {
        "result": outcome.result,
        "file": verdict.word,
        "reason": verdict.reason,
        "number": verdict.number and show_number(verdict.number),
        "version": verdict.version,
        "title": verdict.title,
        "issuer": verdict.issuer,
        "issued_on": _iso(verdict.issued_on),
        "expires_on": _iso(verdict.expires_on),
        "signed_at": verdict.signed_at.isoformat() if verdict.signed_at else None,
        "signed_by": verdict.key_id,
        "stamped_at": _stamp(verdict),
        "standing": found.word.value if found else None,
        "revocation_asked": found is not None,
    }


def _stamp(verdict: AnyVerdict) -> str | None:
    return verdict.stamped_at.isoformat() if isinstance(verdict, Verdict) and verdict.stamped_at else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _public_keys(source: str | None, settings: Settings) -> PublicKeys:
    keyring = open_keyring(settings)
    if source is None:
        is_there = (keyring.folder / PUBLIC).exists()
        return keyring.public_keys(settings) if is_there else PublicKeys(settings.organisation_name, settings.base_url)
    try:
        return PublicKeys.from_json(json.loads(_fetched(source, LARGEST_KEY_LIST)))
    except ValueError as error:
        raise Silence(f"{source} is no list of certificate keys: {error}") from None


def _asked(verdict: AnyVerdict, settings: Settings) -> tuple[AnyVerdict, Standing | None]:
    """The verdict by what our record says about the number, and that; None where there is no database to ask."""
    if verdict.number is None:
        return verdict, None
    try:
        with _own_database(settings) as database:
            if database is None or schema_problem(database):
                return verdict, None
            with database.looking() as record:
                found = standing(record, verdict.number, version=verdict.version)
                recorded = Recorded(found, inside(record, verdict.number))
    except SQLAlchemyError:
        raise Silence("the database does not answer") from None
    if isinstance(verdict, Verdict) and verdict.word == "untouched" and not recorded.issued(verdict.credential):
        verdict = replace(verdict, word="changed", reason="another_credential")
    return verdict, found


@contextmanager
def _own_database(settings: Settings) -> Iterator[Database | None]:
    """Our database, if this machine has one. Looking must not make one."""
    if not settings.database_url and not (settings.data / "university.sqlite3").exists():
        yield None
        return
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()


def _fetched(source: str, most: int) -> bytes:
    """The bytes of a file or an http address, cut off after `most`."""
    try:
        if source.startswith(("http://", "https://")):
            with urlopen(source, timeout=SECONDS_FOR_AN_ADDRESS) as answer:  # noqa: S310 - the scheme is checked
                return bytes(answer.read(most))
        with Path(source).open("rb") as file:
            return file.read(most)
    except (OSError, URLError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise Silence(f"{source} cannot be read: {reason}") from None
