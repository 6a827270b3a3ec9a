"""Bluesky, and every server that speaks the AT Protocol: rules, signing in by app password, publishing."""

from networks.bluesky.adapter import BlueskyAdapter
from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.rules import Bluesky
from networks.bluesky.session import connect

__all__ = ["Bluesky", "BlueskyAdapter", "BlueskyConnector", "connect"]
