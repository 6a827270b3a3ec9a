"""Servers that play networks on 127.0.0.1."""
