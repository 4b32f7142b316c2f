"""YAML 1.2 whose values know their place in the text."""
