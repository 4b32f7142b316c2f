"""Staff: sign in, home, one's own account, and the accounts of everybody."""
