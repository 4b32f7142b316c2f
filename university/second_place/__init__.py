"""Where copies of backups and ledger go besides, tried before it counts, and the key that opens them."""
