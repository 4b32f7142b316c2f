"""A course while staff write it: its files, every step back, what they upload, and how it will look."""
