"""The demo as one command: what it starts, watches and ends. Entry: `manage.py demo`."""
