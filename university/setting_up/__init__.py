"""Setting an installation up in the browser: the steps, their frame, and what is kept of them."""
