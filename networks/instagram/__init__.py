"""Instagram's professional accounts: rules, connecting through the Page they belong to, publishing in containers."""

from networks.instagram.rules import Instagram

__all__ = ["Instagram"]
