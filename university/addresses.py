"""E-mail addresses: which we accept, how we keep them, how we show them."""

from __future__ import annotations

import re

import idna

from university.language import gettext as _

LONGEST = 254
LONGEST_LOCAL_PART = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
# Domains under which a dot in the local part means nothing.
_DOTLESS = {"gmail.com", "googlemail.com"}


class AddressProblem(ValueError):
    """An address we cannot send to; the text is for the visitor."""


def clean_email(text: str) -> str:
    """The address as it is kept: lower case, its domain in ASCII (punycode, IDNA 2008 with UTS 46 mapping).

    Accepts an ASCII dot-atom of at most 64 characters before the @, a domain name with a dot after it, 254 characters
    in all: no quotes, comments, display name, IP address or control character. Raises AddressProblem.
    """
    typed = text.strip(" \u00a0")
    if not typed:
        raise AddressProblem(_("Please fill in your e-mail address."))
    local, _at, domain = typed.rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}".lower()
    # "=?" opens an encoded word, which some mail software would decode inside of a header.
    if not _DOT_ATOM.fullmatch(local) or "=?" in local or len(local) > LONGEST_LOCAL_PART or len(address) > LONGEST:
        raise AddressProblem(_not_an_address())
    return address


def show_email(address: str) -> str:
    """The address as people know it, followed by its ASCII form where the two differ."""
    local, _at, domain = address.rpartition("@")
    try:
        known = idna.decode(domain)
    except idna.IDNAError:
        known = domain
    return address if known == domain else f"{local}@{known} ({address})"


def canonical_mailbox(address: str) -> str:
    """The mailbox behind a clean address, for counting only: without ``+tag``, and without Gmail's dots."""
    local, _at, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    try:
        name = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise AddressProblem(_not_an_address()) from None
    if "." not in name or name.endswith(".") or name.rpartition(".")[2].isdigit() or len(name) > 253:
        raise AddressProblem(_not_an_address())
    return name


def _not_an_address() -> str:
    return _("This is not an e-mail address we can send to. It should look like name@example.org.")
