"""Why a backup cannot be made or brought back."""


class BackupFault(Exception):
    """The message is a sentence for the operator; it never quotes a row."""
