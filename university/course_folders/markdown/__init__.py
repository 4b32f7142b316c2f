"""The Markdown of courses: its dialect, and the HTML that a strict page may show."""
