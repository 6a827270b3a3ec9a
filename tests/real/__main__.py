"""`python -m tests.real`: installs, starts and ends real servers, and runs the adapters against them.

Exits with 0 only if every test ran and passed. What cannot run says «not run», loudly, and counts as a failure.
"""

import os
import sys
import time

import pytest

from tests.real.install import HERE, NotRunError, install
from tests.real.servers import running_pds

PDS_ADDRESS = "CHORUS_REAL_PDS"


def main() -> int:
    began = time.monotonic()
    try:
        node, folder = install()
        say(f"installed after {time.monotonic() - began:.0f} s; starting a Bluesky PDS")
        with running_pds(node, folder) as address:
            say(f"the PDS answers at {address} after {time.monotonic() - began:.0f} s")
            os.environ[PDS_ADDRESS] = address
            outcome = int(pytest.main(["-p", "no:django", "-c", str(HERE / "pytest.ini"), str(HERE / "bluesky.py")]))
    except NotRunError as reason:
        say(f"not run: {reason}")
        return 2
    say(f"{'all of it ran' if outcome == 0 else 'NOT all of it passed'}, in {time.monotonic() - began:.0f} s")
    return outcome


def say(words: str) -> None:
    sys.stdout.write(f"test-real: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
