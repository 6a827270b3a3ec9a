"""Facebook Pages: rules, connecting through Facebook Login for Business, publishing through the Graph API."""

from networks.facebook.rules import Facebook

__all__ = ["Facebook"]
