"""What happens behind the pages: the worker, its scheduled jobs, and the oldest of what they leave."""
