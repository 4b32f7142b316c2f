"""Topics people may subscribe to: the words they agree to, the proof that they did, and every way out."""
