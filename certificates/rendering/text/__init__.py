"""Letters: the faces, their order from left and right, their shapes, and how much room they need."""
