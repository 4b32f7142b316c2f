"""Mail out of the outbox, a server that fails left alone, and mail that comes back."""
