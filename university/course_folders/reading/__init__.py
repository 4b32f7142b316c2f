"""Files to values; whatever is wrong becomes a finding with its place."""
