"""What every request and every page goes through: the gate, pages and forms, what is kept, static files, the log."""
