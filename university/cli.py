"""The `university` command."""

from __future__ import annotations

import click

from university.commands.backups import backup, restore
from university.commands.courses import course
from university.commands.doctor import doctor
from university.commands.keys import keys
from university.commands.questions import questions
from university.commands.recovery import recovery
from university.commands.returning import mail
from university.commands.revoking import revoke
from university.commands.rights import audit, erase, ledger
from university.commands.serving import serve
from university.commands.specimens import sample
from university.commands.staff import staff
from university.commands.statistics import statistics
from university.commands.verifying import verify
from university.commands.working import worker


@click.group()
def main() -> None:
    """A university anyone can walk into."""


for command in (
    *(serve, worker, course, questions, verify, sample, doctor, erase, ledger, audit, keys, revoke),
    *(backup, restore, staff, mail, statistics),
):
    main.add_command(command)
keys.add_command(recovery)
