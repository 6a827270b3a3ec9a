"""Runs against real third-party servers on this machine: `make test-real`."""
