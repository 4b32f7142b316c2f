"""The subcommands of `university`, one module per thing an operator does."""
