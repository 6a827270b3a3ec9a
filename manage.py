#!/usr/bin/env python
"""Django's command line for Chorus."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        # The settings are read before the command can say that it needs no server's secrets.
        os.environ.setdefault("CHORUS_DEMO", "1")
    execute_from_command_line(sys.argv)
