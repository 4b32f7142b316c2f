"""What happens behind the pages: the worker, its scheduled jobs, and how long things are kept."""
