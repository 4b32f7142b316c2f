"""What people may ask for: to see what is held about them, to hide, to object, to be forgotten; and what proves it."""
