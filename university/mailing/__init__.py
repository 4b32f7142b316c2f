"""Mail: the outbox, the links that end mail, and a server that fails left alone."""
