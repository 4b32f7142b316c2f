"""Common Cartridges as courses."""
