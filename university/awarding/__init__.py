"""Certificates as the university gives them: from a claim to the award, its document, its versions and its end."""
