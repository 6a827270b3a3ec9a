"""One file per network: its limits, its way of counting, connecting, publishing and reading back. Plain Python."""
