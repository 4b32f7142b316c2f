"""The credential of a certificate, and the lists that say which credentials count no more."""
