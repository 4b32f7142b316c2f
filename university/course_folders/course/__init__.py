"""A course as values, and what follows from them alone: pools, keys, the difference of two states."""
