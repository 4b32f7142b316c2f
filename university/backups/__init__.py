"""Sealed copies of the database, how long they live, and the way back from them without anybody who was erased."""
