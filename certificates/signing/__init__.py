"""Private keys: making them, and signing with them. Nothing outside this package touches one."""

from certificates.signing.authority import Authority, SigningKey, UnusableKey, make_authority
from certificates.signing.credential_key import CredentialKey
from certificates.signing.issuer import Issuer

__all__ = ["Authority", "CredentialKey", "Issuer", "SigningKey", "UnusableKey", "make_authority"]
