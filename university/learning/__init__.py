"""Learning without an account: the enrolment behind one cookie, how far it is, and counts that tell of nobody."""
