"""LinkedIn organisation pages: rules, connecting, publishing."""

from networks.linkedin.rules import LinkedIn

__all__ = ["LinkedIn"]
