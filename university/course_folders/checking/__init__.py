"""The rules of the format, for a whole course and for every text in it."""
