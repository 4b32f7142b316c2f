"""From the ledger of one machine to the one that many share."""

from __future__ import annotations

from university.chains.ledger import Ledger, LedgerFault
from university.chains.ledger_file import FILE_NAME, LedgerFile


def move(source: LedgerFile, ledger: Ledger) -> int:
    """Moves the ledger of one machine, with all that lies beside it, into one that is still empty; how many records.

    Raises LedgerFault if the source does not hold, or the target is not empty.
    """
    records = Ledger(source, ledger.keyring).records()
    with source.held(), ledger.book.held():
        if ledger.book.lines():
            raise LedgerFault(records[-1].seq if records else 0, "the shared ledger is not empty")
        ledger.book.rewrite([(record.seq, line) for record, line in zip(records, source.lines(), strict=True)])
        for name in source.beside.names():
            if name != FILE_NAME:
                ledger.beside.write(name, source.beside.read(name) or b"")
    for name in source.beside.names():
        source.beside.delete(name)
    return len(records)
