"""Prepares the demo's data: the tables, then the sample campaign. Run as `python -m scheduler.demo.prepare`."""

import os

import django
from django.core.management import call_command

from scheduler.demo import local


def main() -> None:
    """Brings the tables up to date and loads the sample; doing it again changes nothing."""
    django.setup()
    from scheduler.services.sample import follow_the_wall  # models can be read only after the line above

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_sample")
    follow_the_wall()
    if os.environ.get("CHORUS_LOCAL_NETWORKS"):
        local.put_in_keys()


if __name__ == "__main__":
    main()
