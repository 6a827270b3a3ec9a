"""One file per network: its limits, its way of counting, connecting, publishing and reading back. Plain Python.

`networks.get("x").measure("…")` works without keys, settings or Django.
"""

from networks.registry import get

__all__ = ["get"]
