"""The page of a certificate, and the file around it."""
