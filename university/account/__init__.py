"""One's own account: name, passkeys, password, codes, and where one is signed in."""
