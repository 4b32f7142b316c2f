"""Everybody's accounts, for owners: invite, roles, disable, reset."""
