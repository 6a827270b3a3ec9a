"""Signing in with allauth: by e-mail, for people who have an account; nobody makes one here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from accounts.crypto import decrypt, encrypt


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-up is closed: an account comes from an admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class EncryptingMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """The secret behind the second step, and the seed of the recovery codes, are not readable in the database."""

    def encrypt(self, text: str) -> str:
        """As a channel's credentials are."""
        return encrypt({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises UnreadableCredentialsError without the key."""
        return decrypt(encrypted_text)["secret"]
