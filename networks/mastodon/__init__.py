"""Mastodon, and servers that speak its API: rules by instance, connecting by its consent page, publishing."""

from networks.mastodon.adapter import MastodonAdapter
from networks.mastodon.connector import MastodonConnector
from networks.mastodon.rules import Mastodon

__all__ = ["Mastodon", "MastodonAdapter", "MastodonConnector"]
