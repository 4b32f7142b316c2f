"""`university keys recovery`: the one key that opens backups, and the promise that people keep it elsewhere."""

from __future__ import annotations

import click

from university.commands.environment import settings_or_exit
from university.keys.day_keys import WrongRecoveryKey, open_day_keys, written


@click.group()
def recovery() -> None:
    """The recovery key: without it no backup opens."""


@recovery.command()
def show() -> None:
    """Print the recovery key, for two people to keep on paper or in a vault of their own."""
    key = open_day_keys(settings_or_exit()).recovery_key()
    if key is None:
        raise click.ClickException("the recovery key is kept elsewhere; this machine does not have it")
    click.echo(written(key))


@recovery.command()
@click.option("--key", prompt="Type the recovery key from where it is kept", hide_input=True)
def kept(key: str) -> None:
    """Say that it is kept elsewhere: it is typed once more, and then removed from this machine."""
    keyring = open_day_keys(settings_or_exit())
    try:
        keyring.make_recovery_key()
        keyring.keep_recovery_key_elsewhere(key)
    except WrongRecoveryKey as fault:
        raise click.ClickException(str(fault)) from None
    click.echo("Removed from this machine. Whoever restores a backup must bring it.")
