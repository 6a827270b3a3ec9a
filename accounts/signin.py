"""Signing in with allauth: by e-mail, for people who have an account; nobody makes one here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-up is closed: an account comes from an admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
