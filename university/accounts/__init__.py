"""Staff accounts: who may sign in, with what, and which browsers are signed in."""
