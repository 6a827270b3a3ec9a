"""X: rules; and, where the operator switched it on, connecting and publishing."""

from networks.x.rules import X

__all__ = ["X"]
