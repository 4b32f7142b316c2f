"""How the organisation looks: logo, colours, signature, seen before it counts."""
