"""Setting an installation up in the browser: name, look, address, mail, backups, one step after the other."""
