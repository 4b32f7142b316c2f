"""Keys: the ring, how the keys that sign live and end, one pair per day for what must become unreadable."""
