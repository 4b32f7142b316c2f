"""The settings of a command, or a sentence for whoever typed it."""

from __future__ import annotations

from typing import Any

import click

from university.settings import Settings, SettingsError, read_settings


def settings_or_exit(**given: Any) -> Settings:
    """The settings, or exit status 2 with a sentence per wrong one."""
    try:
        return read_settings(**given)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
