"""The two chains that show any later change: the rights ledger, outside of the database, and the audit log, inside."""
