"""What one entry of the register says, and the words that entries share."""

from __future__ import annotations

from dataclasses import dataclass

from university.language import marked


@dataclass(frozen=True)
class Entry:
    """`where`: ``table.column``, ``file:pattern`` below the data folder, ``cookie:letter`` or ``log:field``.

    `label` is what people call it; several entries with one label are one thing to them. `export` is its place in
    data.json. `erase` is ``delete``, ``reduce`` (emptied, while its row stays without anybody), ``keep`` (leads to
    nobody afterwards) or ``expire`` (goes by itself within `keep`); `restrict` is ``hide`` where the holder may hide
    it.
    """

    where: str
    kind: str = "none"
    label: str = ""
    subject: str = ""
    purpose: str = ""
    basis: str = ""
    keep: str = ""
    export: str = ""
    erase: str = "keep"
    restrict: str = "show"

    @property
    def is_personal(self) -> bool:
        return self.kind != "none"


def plain(table: str, columns: str) -> tuple[Entry, ...]:
    """Columns that say nothing about any person."""
    return tuple(Entry(f"{table}.{column}") for column in columns.split())


def held(use: tuple[str, str, str, str], *rows: tuple[str, str, str, str], erase: str = "delete") -> tuple[Entry, ...]:
    """Entries of one use (subject, purpose, basis, keep); a row is (where, kind, label, export)."""
    return tuple(Entry(where, kind, label, *use, export, erase) for where, kind, label, export in rows)


NUMBER = marked("number of the certificate")
ID = marked("random identifiers that tie the records together")
FACTS = marked("what the certificate says: course, day, number, version, outcomes")
CREDENTIAL = marked("the credential for wallets: with your address as a salted hash, without your name")
TIME_STAMP = marked("when an authority attested the signature on your PDF")
PROGRESS = marked("lessons done, with the day")
WAYS = marked("links and codes to your progress from another device, as hashes")
ATTEMPTS = marked("quizzes and exams: questions, answers, results, times")
TOPICS_WANTED = marked("the topics you asked for: which, when, how, in which words, and when that ended")
COME_BACK = marked("that a mail to you came back, or that you reported one as unwanted")
MAILS = marked("which mail was sent when, and whether it arrived")
LETTERS = marked("the mails themselves, on a trial installation only")
LINKS = marked("links sent by mail, as a hash, with when they were made and used")
VISITS = marked("that you opened “My data”, and when")

AWARD = "certificates[]."
PAST = "certificates[].replaced_versions[]."
ENROLMENT = "certificates[].progress."
ATTEMPT = "certificates[].progress.attempts[]."
ANSWER = "certificates[].progress.attempts[].answers[]."
